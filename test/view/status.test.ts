import assert from 'node:assert/strict'
import type { AppStatus } from '../../scripts/core/riglet/status.ts'
import { renderStatus } from '../../scripts/view/status.ts'

const app: AppStatus = {
  stack: 'acme-shop-staging-app-shop-main',
  status: 'CREATE_COMPLETE',
  image: { id: 'ami-00000000000000001', version: '1.4.2', commit: '9f3c2e1aa' },
  url: 'http://shop.example.com/',
  instances: 2,
  healthy: 2,
  desired: 2,
  cannotReplace: [],
  unchecked: [],
}
const lines = (more: Partial<AppStatus>): string[] =>
  renderStatus({
    riglet: 'acme-shop',
    region: 'eu-central-1',
    environments: [{ name: 'staging', foundation: 'CREATE_COMPLETE', apps: [{ ...app, ...more }] }],
    pipelines: [],
  }).split('\n')

describe('the status screen', () => {
  it('marks an app whose group could replace no instance, within 80 columns', () => {
    const shown = lines({
      cannotReplace: ['its image ami-00000000000000001 was deregistered, or is not shared any more'],
    })
    const marked = shown.filter((line) => line.startsWith('!'))
    assert.deepEqual(marked.length, 1)
    assert.match(marked[0]!, /^! +can replace no instance: its image/)
    assert.ok(shown.every((line) => line.length <= 80))
  })

  it('marks one of which that could not be asked', () =>
    assert.ok(
      lines({ unchecked: ['no right to keys'] }).some((line) => /^\? +not checked: no right to keys$/.test(line)),
    ))

  it('marks none of which all is well', () => assert.ok(lines({}).every((line) => !/^[!?]/.test(line))))
})
