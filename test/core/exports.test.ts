import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { exportsOf } from '../../scripts/core/exports.ts'

describe('variables for the build specification', () => {
  for (const value of ['plain', '', "it's", '"$HOME" `id` $(id) \\ & ; #', 'two\nlines', '1:2.0~rc1+b^3', 'Größe'])
    it(`reach a shell as they are: ${JSON.stringify(value)}`, () => {
      const script = `${exportsOf({ BEFORE: 'b', VALUE: value })}printf '%s|%s' "$BEFORE" "$VALUE"`
      assert.equal(execFileSync('sh', ['-c', script]).toString(), `b|${value}`)
    })
})
