import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withMissing } from '../../scripts/core/settings/make-file.ts'
import { parseMakeFile } from '../../scripts/core/settings/settings.ts'

/** A line of .make, and what REASON is by it; undefined: the line does not set it. */
const lines: readonly (readonly [string, string | undefined])[] = [
  ['REASON=late', 'late'],
  ['REASON = late', 'late'],
  ['  REASON:=late', 'late'],
  ['export REASON=late', 'late'],
  ['\texport\tREASON = late', 'late'],
  ['export REASON="too late"', 'too late'],
  ['REASON=late  # on Fridays', 'late'],
  ['REASON=late\t# on Fridays', 'late'],
  ['REASON=too late # on Fridays # always', 'too late'],
  ['export REASON=late # on Fridays', 'late'],
  ['REASON=late\r', 'late'],
  ['REASON=late # on Fridays\r', 'late'],
  ['REASON=fix#1', 'fix#1'],
  ['REASON=#1', '#1'],
  ['REASON= #1', ''],
  ['REASON= # on Fridays', ''],
  ['REASON="fix #1"', 'fix #1'],
  ["REASON='fix #1'  # quoted", 'fix #1'],
  ['REASON="fix #1" # not "quoted"', 'fix #1'],
  [`REASON="it's late"`, "it's late"],
  [`REASON='say "late"'`, 'say "late"'],
  ['REASON="a" b "c"', 'a" b "c'],
  ['REASON="late', '"late'],
  ['REASON="a"#b', '"a"#b'],
  ['REASON=""', ''],
  ["REASON='' # nobody", ''],
  ['REASON="  late  "', '  late  '],
  ['REASON=a=b', 'a=b'],
  ['REASON=$(HOME) `x` \\n', '$(HOME) `x` \\n'],
  ['REASON=', ''],
  ['# REASON=late', undefined],
  ['  # REASON=late', undefined],
  ['', undefined],
  ['exportREASON=late', undefined],
  ['export REASON', undefined],
]

describe('a line of .make', () => {
  const folder = mkdtempSync(join(tmpdir(), 'riglet-make-file-'))
  const [file, shows] = [join(folder, 'make'), join(folder, 'shows.awk')]
  writeFileSync(shows, 'END { printf "%s", "REASON" in file ? "=" file["REASON"] : "none"; exit 0 }\n')
  after(() => rmSync(folder, { recursive: true }))

  for (const [line, expected] of lines) {
    it(`is the same to make and to the scripts: ${JSON.stringify(line)}`, () => {
      const { found } = parseMakeFile(line)
      assert.equal(found.get('REASON')?.value, expected)
      writeFileSync(file, `${line}\n`)
      const told = execFileSync('awk', ['-f', shows, '-f', 'setup/need.awk', '-v', 'names=', file], {
        encoding: 'utf8',
      })
      assert.equal(told, expected === undefined ? 'none' : `=${expected}`)
    })
  }

  it('is the same behind a byte order mark', () => {
    const line = '\ufeffREASON=late'
    assert.equal(parseMakeFile(line).found.get('REASON')?.value, 'late')
    writeFileSync(file, line)
    const told = execFileSync('awk', ['-f', shows, '-f', 'setup/need.awk', '-v', 'names=', file], { encoding: 'utf8' })
    assert.equal(told, '=late')
  })

  it('is a fault where it is none, with its place', () => {
    const { faults } = parseMakeFile('OWNER=acme\nexport REGION\nexportPROJECT=shop\n')
    assert.deepEqual(faults, [
      { where: '.make:2', what: 'not of the form NAME=value: export REGION' },
      { where: '.make:3', what: 'exportPROJECT is not a setting; see .make.example' },
    ])
  })

  it('is filled in where it is empty, and keeps its form and its comment', () => {
    const text = 'export OWNER=\nPROJECT= # which one\n  REGION = ""   # Frankfurt\r\nREPO=web\n'
    const filled = withMissing(text, {
      OWNER: 'acme',
      PROJECT: 'shop',
      REGION: 'eu-central-1',
      REPO: 'x',
      REASON: 'fix #1',
    })
    assert.equal(
      filled,
      'export OWNER=acme\nPROJECT=shop # which one\n  REGION = eu-central-1   # Frankfurt\r\nREPO=web\nREASON="fix #1"\n',
    )
    assert.equal(parseMakeFile(filled).found.get('PROJECT')?.value, 'shop')
    assert.equal(parseMakeFile(filled).found.get('REASON')?.value, 'fix #1')
  })
})
