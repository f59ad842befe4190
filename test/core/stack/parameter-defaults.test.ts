import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parameterDefaults } from '../../../scripts/core/stack/parameter-defaults.ts'

describe('parameter defaults', () => {
  it('are read from blocks and from one-line parameters', () => {
    const template = [
      'Parameters:',
      '  A:',
      '    Description: with Default words',
      '    Default: -1',
      '',
      '  B: { Type: String, Default: "" }',
      '  C:',
      '    Type: String',
      "    Default: 'x y'",
      '  D: { Type: String }',
      'Resources:',
      '  E:',
      '    Default: no',
      '',
    ].join('\n')
    assert.deepEqual(
      [...parameterDefaults(template)],
      [
        ['A', '-1'],
        ['B', ''],
        ['C', 'x y'],
        ['D', undefined],
      ],
    )
  })

  it('are those of the template that apps are made from', () => {
    const file = resolve(import.meta.dirname, '../../../cloudformation/app-image.yaml')
    const defaults = parameterDefaults(readFileSync(file, 'utf8'))
    assert.equal(defaults.get('Digest'), '')
    assert.equal(defaults.get('HealthCheckPath'), '/')
    assert.ok(defaults.has('ImageId') && defaults.get('ImageId') === undefined)
  })
})
