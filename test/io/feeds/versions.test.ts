import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { compareRpmVersions } from '../../../scripts/core/feeds/rpm-versions.ts'
import { compareVersions } from '../../../scripts/core/packages/compare-versions.ts'

type Pair = readonly [string, string]

/** Pieces that meet where it matters: equal beginnings, zeros in front, tildes, carets, letters beside digits. */
const piece = fc.constantFrom('0', '1', '01', '9', '10', 'a', 'b', 'rc', 'Z', 'el9', '20240101')
const upstream = (between: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom('0', '1', '2', '10'),
      fc.array(fc.tuple(fc.constantFrom(...between), piece), { maxLength: 4 }),
    )
    .map(([first, rest]) => first + rest.flat().join(''))
const versions = (between: readonly string[]) =>
  fc
    .tuple(fc.constantFrom('', '', '', '0:', '1:'), upstream(between), upstream(between.filter((sign) => sign !== '-')))
    .map(([epoch, version, release]) => `${epoch}${version}-${release}`)
/** Besides, some that are equal without looking so. */
const pairs = (between: readonly string[], count = 3000): readonly Pair[] => {
  const made = fc.sample(fc.tuple(versions(between), versions(between)), { numRuns: count, seed: 32 })
  return [...made, ...made.slice(0, 100).map(([one]): Pair => [one, one.replace(/\.(?=\d)/g, '.0')])]
}

const listed = (all: readonly Pair[]): string => all.map((pair) => `${pair.join(' ')}\n`).join('')
const sign = (order: number): number => Math.sign(order)

/** Answers a line a pair, in one process for all of them. */
function ask(command: string, args: readonly string[], input = ''): readonly number[] {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 1 << 24 })
  assert.equal(status, 0, `${command}: ${error?.message ?? stderr}`)
  return stdout.trim().split('\n').map(Number)
}

const differing = (
  all: readonly Pair[],
  theirs: readonly number[],
  compare: (one: string, other: string) => number,
) => {
  assert.equal(theirs.length, all.length)
  // Each order must have been met, or the comparison says nothing.
  assert.deepEqual([...new Set(theirs)].sort(), [-1, 0, 1])
  return all.flatMap(([one, other], index) =>
    sign(compare(one, other)) === theirs[index] ? [] : [`${one} ${other}: ${theirs[index]}`],
  )
}

describe('versions of packages are ordered', function () {
  this.timeout(60_000)

  it('as rpm orders them, in thousands of pairs (S13)', () => {
    const all = pairs(['.', '.', '', '~', '^', '_', '+'])
    const lua =
      'for line in io.lines() do local one, other = line:match("(%S+) (%S+)") print(rpm.vercmp(one, other) .. "\\n") end'
    const theirs = ask('rpm', ['--eval', `%{lua: ${lua}}`], listed(all))
    assert.deepEqual(differing(all, theirs, compareRpmVersions), [])
  })

  it('as dpkg orders them, in thousands of pairs (S13)', () => {
    // dpkg compares one pair a process.
    const all = pairs(['.', '.', '', '~', '-', '+'], 2000)
    const script =
      'while read -r one other; do if dpkg --compare-versions "$one" lt "$other"; then echo -1; ' +
      'elif dpkg --compare-versions "$one" eq "$other"; then echo 0; else echo 1; fi; done'
    const theirs = ask('sh', ['-c', script], listed(all))
    assert.deepEqual(differing(all, theirs, compareVersions), [])
  })
})
