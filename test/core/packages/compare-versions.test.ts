import assert from 'node:assert/strict'
import { compareVersions } from '../../../scripts/core/packages/compare-versions.ts'

describe('versions of packages', () => {
  const older: readonly (readonly [string, string, string])[] = [
    ['numbers as numbers', '1.9', '1.10'],
    ['an update of a stable release', '1.22.1-9', '1.22.1-9+deb12u1'],
    ['the tenth update after the ninth', '3.0.9-1~deb12u9', '3.0.9-1~deb12u10'],
    ['a tilde before the end', '1.0~rc1-1', '1.0-1'],
    ['a tilde before another end', '1.0~~', '1.0~'],
    ['an epoch before all else', '9.9-9', '1:0.1-1'],
    ['letters before other characters', '1.0a', '1.0+'],
    ['the revision behind the last hyphen', '1.0-1-2', '1.0-2-1'],
    ['a rebuild', '5.2-2', '5.2-2+b1'],
    ['numbers of any length', '0+git20240101000000123456789', '0+git20240101000000123456790'],
    ['no revision before one', '1.0', '1.0-1'],
  ]
  for (const [what, one, other] of older)
    it(`are ordered as dpkg does: ${what}`, () => {
      assert.ok(compareVersions(one, other) < 0, `${one} < ${other}`)
      assert.ok(compareVersions(other, one) > 0, `${other} > ${one}`)
    })

  for (const [one, other] of [
    ['1.0-1', '1.0-1'],
    ['0:1.0', '1.0'],
    ['1.0-0', '1.0'],
    ['1.00', '1.0'],
  ] as const)
    it(`are the same to dpkg: ${one} and ${other}`, () => assert.equal(compareVersions(one, other), 0))
})
