import type { Linter } from 'eslint'

export function layerOf(path: string): string | undefined
export function forbidden(from: string, name: string): string | undefined
export const walls: Linter.Config[]
