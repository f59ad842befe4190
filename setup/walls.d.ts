export function layerOf(path: string): string | undefined
export function forbidden(from: string, name: string): string | undefined
