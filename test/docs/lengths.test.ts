import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const most = 250
const folders = ['scripts', 'test', 'demo', 'bench', 'setup', 'rehearsal']

const linesIn = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1

describe('files of code', () => {
  it(`are short enough to be read at once: none is over ${most} lines`, () => {
    const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...folders])
      .toString()
      .split('\0')
      .filter((path) => /\.(?:ts|js|py|sh)$/.test(path) && existsSync(path))
    assert.ok(files.length > 700, String(files.length))
    const long = files.map((path) => ({ path, lines: linesIn(path) })).filter(({ lines }) => lines > most)
    assert.deepEqual(
      long.map(({ path, lines }) => `${path}: ${lines} lines`),
      [],
    )
  })
})
