import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { basename } from 'node:path'

/** Rows of the table below a heading, a cell each; without the head. */
const rows = (text: string, heading: string): string[][] => {
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  return (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** `file.test: words of its title`, with `;` between several. */
const named = (cell: string): [file: string, words: string][] =>
  cell.split(';').map((one) => {
    const [file = '', ...words] = one.split(':')
    return [file.trim(), words.join(':').trim()]
  })

describe('the threat model', () => {
  it('names in every row a test that there is (B22)', async () => {
    const threats = rows(await readFile('docs/security.md', 'utf8'), 'What a pushed commit can try')
    assert.ok(threats.length >= 14)
    const files = await Array.fromAsync(glob('test/**/*.test.ts'))
    const texts = new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)))
    const wrong = threats.flatMap(([who = '', what = '', holds = '', tests = '']) =>
      named(tests)
        .filter(
          ([name, words]) =>
            holds === '' ||
            words === '' ||
            ![...texts].some(([file, text]) => basename(file) === `${name}.ts` && text.includes(words)),
        )
        .map(([name, words]) => `${who}: ${what}: no "${words}" in ${name}`),
    )
    assert.deepEqual(wrong, [])
  })
})
