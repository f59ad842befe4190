import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseDocument } from 'yaml'
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

  it('are what a YAML parser reads in each of our templates', () => {
    const folder = resolve(import.meta.dirname, '../../../cloudformation')
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml'))) {
      const text = readFileSync(resolve(folder, file), 'utf8')
      const { Parameters: declared = {} } = parseDocument(text, { logLevel: 'silent' }).toJS() as {
        Parameters?: Record<string, { Default?: unknown }>
      }
      const expected = Object.entries(declared).map(([name, { Default: value }]) => [
        name,
        value === undefined ? undefined : String(value),
      ])
      assert.deepEqual([...parameterDefaults(text)], expected, file)
    }
  })

  it('are those of the template that apps are made from', () => {
    const file = resolve(import.meta.dirname, '../../../cloudformation/app-image.yaml')
    const defaults = parameterDefaults(readFileSync(file, 'utf8'))
    assert.equal(defaults.get('Digest'), '')
    assert.equal(defaults.get('HealthCheckPath'), '/')
    assert.ok(defaults.has('ImageId') && defaults.get('ImageId') === undefined)
  })
})
