import assert from 'node:assert/strict'
import { keepEarlier as keep } from '../../../../scripts/core/stack/decide/keep-earlier.ts'
import { readTemplate } from '../../../../scripts/core/stack/template/read-template.ts'
import type { DesiredStack } from '../../../../scripts/core/stack/desired.ts'

const template = [
  'Parameters:',
  '  Owner: { Type: String }',
  '  HostName: { Type: String, Default: "" }',
  '  MinSize: { Type: String, Default: "2" }',
  '  Secret: { Type: String, NoEcho: true }',
  'Resources: {}',
].join('\n')
const desired = (more: Partial<DesiredStack> = {}): DesiredStack => ({
  name: 'web',
  title: 'app',
  file: '',
  template,
  parameters: { Owner: 'acme' },
  tags: {},
  capabilities: [],
  ...more,
})

const keepEarlier = (stack: DesiredStack, earlier: Readonly<Record<string, string>>): DesiredStack =>
  keep(stack, earlier, readTemplate('web.yaml', template).parameters)

describe('what was set on a stack earlier', () => {
  const earlier = { Owner: 'acme', HostName: 'shop.example.com', MinSize: '4', Digest: 'd' }

  it('stays where nobody says otherwise, whatever the stack is', () => {
    const { parameters } = keepEarlier(desired(), earlier)
    assert.deepEqual(parameters, { Owner: 'acme', HostName: 'shop.example.com', MinSize: '4' })
  })

  it('gives way to what is said now', () => {
    const { parameters } = keepEarlier(desired({ parameters: { Owner: 'acme', MinSize: '3' } }), earlier)
    assert.deepEqual(parameters, { Owner: 'acme', HostName: 'shop.example.com', MinSize: '3' })
  })

  it('goes back to the default where that is asked for, or is said itself', () => {
    assert.deepEqual(keepEarlier(desired({ reset: ['HostName', 'MinSize'] }), earlier).parameters, { Owner: 'acme' })
    const said = keepEarlier(desired({ parameters: { Owner: 'acme', MinSize: '2' }, reset: ['HostName'] }), earlier)
    assert.deepEqual(said.parameters, { Owner: 'acme' })
  })

  it('is left out where the template has it no more', () => {
    assert.deepEqual(keepEarlier(desired(), { ...earlier, Gone: 'x' }).parameters['Gone'], undefined)
  })

  it('stays hidden where AWS shows stars of a secret: CloudFormation is asked to keep it', () => {
    const { parameters } = keepEarlier(desired(), { Owner: 'acme', Secret: '****' })
    assert.deepEqual(parameters, { Owner: 'acme', Secret: '****' })
  })

  it('begins with what its layer says, and an empty value of an earlier version said nothing', () => {
    const begun = desired({ defaults: { HostName: 'begun.example.com', MinSize: '7', Unknown: 'x' } })
    assert.deepEqual(keepEarlier(begun, { Owner: 'acme', HostName: '', MinSize: '4' }).parameters, {
      Owner: 'acme',
      HostName: 'begun.example.com',
      MinSize: '4',
    })
  })

  it('is the same, kept once or twice', () => {
    const once = keepEarlier(desired({ reset: ['MinSize'] }), earlier)
    assert.deepEqual(keepEarlier(once, earlier), once)
  })
})
