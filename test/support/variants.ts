/** A value, longer ones made of it at any place, and such with characters that are seldom right. */
export const variants = (value: string): string[] => {
  const signs = 'aZ0-_./:@+=~*?!#%&$"\'<>|^[]{}(), \t\n\u0000\u007f\u00a0'
  const odd = [...signs, 'ä', '\u{1f511}', '\u200b', '--', '..']
  const lengths = [
    1, 2, 3, 7, 8, 12, 16, 17, 30, 40, 63, 64, 100, 127, 128, 129, 254, 255, 256, 257, 511, 512, 513, 616, 1000, 1024,
    2048,
  ]
  const places = [0, 1, Math.floor(value.length / 2), value.length - 1, value.length]
  return [
    value,
    ...odd.flatMap((one) => [one, ...places.map((at) => value.slice(0, at) + one + value.slice(at))]),
    ...lengths.flatMap((length) =>
      ['a', '0', '-', 'ä', '\u{1f511}'].flatMap((one) => [
        one.repeat(length),
        ...places.map((at) => value.slice(0, at) + one.repeat(length) + value.slice(at)),
      ]),
    ),
    ...Array.from({ length: value.length }, (_, at) => value.slice(0, at)),
  ]
}
