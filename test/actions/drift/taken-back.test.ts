import assert from 'node:assert/strict'
import { app, stack, type World, world, instead } from './support/world.ts'

describe('drift of an app that a person took back', () => {
  const name = app('production')
  const place = '/acme/shop/rollback/production/shop-main'
  const shop = { Repo: 'shop', Branch: 'main', App: 'shop-main' }
  const kept = {
    ...{ stackId: stack(name).id, image: 'ami-1', from: 'ami-2', fromVersion: '2.0.0', fromCommit: '9f3c2e1a' },
    ...{ reason: 'prices are wrong', by: 'arn:aws:iam::1:user/ann', at: '2026-01-31T12:00:00.000Z' },
  }
  const fleet: World['fleet'] = {
    template: (_, version) => Promise.resolve({ type: 'version', image: version === 'back' ? 'ami-1' : 'ami-2' }),
    groups: (groups) =>
      Promise.resolve(
        groups.map((group) => ({
          ...{ name: group, desired: 1, instances: [] },
          launchTemplate: { id: 'lt', version: group.includes('production') ? 'back' : '1' },
        })),
      ),
  }
  const back = (text: string | undefined, more: World = {}) =>
    world({
      ...{ stacks: instead(name, { parameters: { ...shop, ImageId: 'ami-1' } }), fleet },
      ...(text === undefined ? {} : { parameters: { [place]: text } }),
      ...more,
    }).show()

  it('is as expected, with who did it and why (B23)', async () => {
    const { code, text } = await back(JSON.stringify(kept))
    assert.equal(code, 0, text)
    assert.match(text, /^in sync: \d+ checked, 1 as expected\n/)
    assert.match(
      text,
      /^production\n= acme-shop-production-app-shop-main\n {4}was taken back from ami-2 \(2\.0\.0, 9f3c2e1\) by ann, 2026-01-31T12:00Z: prices\n {4}are wrong$/m,
    )
    const data = await back(JSON.stringify(kept)).then(() =>
      world({
        stacks: instead(name, { parameters: { ...shop, ImageId: 'ami-1' } }),
        fleet,
        parameters: { [place]: JSON.stringify(kept) },
      }).show({ JSON: '1' }),
    )
    const { findings } = JSON.parse(data.text) as { findings: { type: string }[] }
    assert.deepEqual(
      findings.map(({ type }) => type),
      ['expected'],
    )
  })

  it('is drift where it was not taken back, and where something passed there since', async () => {
    for (const text of [
      undefined,
      JSON.stringify({ ...kept, at: '1969-12-31T12:00:00.000Z' }),
      JSON.stringify({ ...kept, image: 'ami-3' }),
    ]) {
      const { code, text: shown } = await back(text)
      assert.equal(code, 2)
      assert.match(shown, /deployed with another image than the pipeline last passed here\n {4}expected {2}ami-2/)
    }
  })

  it('says so where it cannot be read', async () => {
    const { code, text } = await back('{')
    assert.equal(code, 2)
    assert.match(text, /\? acme-shop-production-app-shop-main\n {4}whether it was taken back: \/acme\/shop\/rollback/)
  })
})
