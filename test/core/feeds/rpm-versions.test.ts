import assert from 'node:assert/strict'
import { compareRpmVersions } from '../../../scripts/core/feeds/rpm-versions.ts'

describe('versions of RPM packages', () => {
  const older: readonly (readonly [string, string, string])[] = [
    ['numbers as numbers', '1.9-1', '1.10-1'],
    ['numbers after letters', '1.a-1', '1.1-1'],
    ['letters by their bytes', '1.Z', '1.a'],
    ['more parts after fewer', '1.0', '1.0.1'],
    ['a tilde before the end', '1.0~rc1-1', '1.0-1'],
    ['a caret behind the end', '1.0-1', '1.0^git1-1'],
    ['a caret before another part', '1.0^git1', '1.0.1'],
    ['an epoch before all else', '9.9-9', '1:0.1-1'],
    ['the release behind the last hyphen', '1.0-1.el9', '1.0-2.el9'],
    ['numbers of any length', '20240101000000123456789', '20240101000000123456790'],
  ]
  for (const [what, one, other] of older)
    it(`are ordered as rpm does: ${what} (S13)`, () => {
      assert.ok(compareRpmVersions(one, other) < 0, `${one} < ${other}`)
      assert.ok(compareRpmVersions(other, one) > 0, `${other} > ${one}`)
    })

  for (const [one, other] of [
    ['1.0-1', '1.0-1'],
    ['0:1.0-1', '1.0-1'],
    ['1.00', '1.0'],
    ['1.0', '1_0'],
    ['1.0', '1.0-7'],
  ] as const)
    it(`are the same to rpm: ${one} and ${other}`, () => assert.equal(compareRpmVersions(one, other), 0))
})
