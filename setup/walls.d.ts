import type { Linter } from 'eslint'

export function layerOf(path: string): string | undefined
export function forbidden(from: string, name: string): string | undefined
/** Layer -> layers that it may import. */
export const may: Readonly<Record<string, readonly string[]>>
export const walls: Linter.Config[]
