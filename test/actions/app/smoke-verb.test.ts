import assert from 'node:assert/strict'
import { smokeVerb } from '../../../scripts/actions/app/smoke-verb.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import { digestOf, packetFormat, type Packet } from '../../../scripts/core/approval/packet.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeFiles, imageFacts } from '../../fakes/regional.ts'
import { fakeBuckets, fakeClock } from '../../fakes/image-ports.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

describe('a smoke test of production that fails', () => {
  const stack = 'acme-shop-production-app-shop-main'
  const files = fakeFiles()
  const outputs = { Url: 'http://web/' }
  /** Nobody answers, after a change set that would have replaced this image was executed. */
  const failing = async (oldImage: string | undefined, more: object = {}): Promise<unknown> => {
    const buckets = fakeBuckets()
    const decisive = { stack, oldImage: oldImage === undefined ? null : { id: oldImage }, changes: [] } as unknown
    const packet = { format: packetFormat, decisive } as Packet
    const digest = digestOf(packet.decisive)
    await buckets.put('bucket', `packets/e1/${digest}.json`, JSON.stringify(packet))
    const ports = {
      stacks: fakeStacks({
        states: [
          stackState(stack, 'UPDATE_COMPLETE', { outputs }),
          stackState(stack.replace('production', 'staging'), 'UPDATE_COMPLETE', { outputs }),
        ],
      }),
      http: { get: () => Promise.resolve({ status: 503, body: '', headers: {} }) },
      terminal: answering(),
      clock: fakeClock(),
      buckets,
      files,
    } as unknown as Ports
    const job = { ARTIFACTS_BUCKET: 'bucket', DIGEST: digest, EXECUTION_ID: 'e1', ...more }
    const asked = { ...settings, ENV: 'production', IMAGE_ID: 'ami-2', ...job }
    return smokeVerb(asked, ports).then(
      () => undefined,
      (error: unknown) => error,
    )
  }

  it('lets the stage after it take production back, where a setting says so', async () => {
    assert.equal(await failing('ami-1', { ROLL_BACK_ON_SMOKE: 'production' }), undefined)
    assert.match(await files.read('out/exports.env'), /^export SMOKE='failed'$/m)
  })

  for (const [what, image, more] of [
    ['the setting says none', 'ami-1', { ROLL_BACK_ON_SMOKE: 'none' }],
    ['there was no image before', undefined, { ROLL_BACK_ON_SMOKE: 'production' }],
    ['another environment is asked', 'ami-1', { ROLL_BACK_ON_SMOKE: 'production', ENV: 'staging' }],
  ] as const)
    it(`fails like any other where ${what}`, async () => assert.ok(isRigletError(await failing(image, more), 'IMAGE')))

  it('says that production runs it all the same, and which command takes it back', async () => {
    const error = await failing('ami-1')
    assert.ok(isRigletError(error, 'IMAGE'))
    assert.match(error.message, /production runs what was approved, and nothing takes it back by itself/)
    assert.match(error.remedy, /make rollback-app ENV=production REPO=shop BRANCH=main REASON="\.\.\."$/)
  })

  it('names no image to go back to where there was none', async () => {
    const error = await failing(undefined)
    assert.ok(isRigletError(error, 'IMAGE'))
    assert.match(error.remedy, /no image before it/)
  })

  it('says nothing of an approval where there was none: a smoke test by hand', async () => {
    const error = await failing('ami-1', { DIGEST: undefined })
    assert.ok(isRigletError(error, 'IMAGE'))
    assert.doesNotMatch(`${error.message} ${error.remedy}`, /approved/)
  })
})

describe('a smoke test after production was taken back', () => {
  it('fails all the same, so that the execution does not end as a success', async () => {
    const stack = 'acme-shop-production-app-shop-main'
    const body = JSON.stringify({ version: '1', commit: '4d1a90b7', imageId: 'ami-1' })
    const ports = {
      stacks: fakeStacks({ states: [stackState(stack, 'UPDATE_COMPLETE', { outputs: { Url: 'http://web/' } })] }),
      http: { get: () => Promise.resolve({ status: 200, body, headers: {} }) },
      terminal: answering(),
      clock: fakeClock(),
    } as unknown as Ports
    const asked = { ...settings, ENV: 'production', IMAGE_ID: 'ami-1', TAKEN_BACK: 'yes' }
    await assert.rejects(smokeVerb(asked, ports), /production was taken back: it answers as ami-1 again/)
  })
})

describe('a smoke test of an image that is revoked while the pipeline deploys it', () => {
  const tags = { Revoked: '2026-02-01T08:00:00Z of ami-2 by arn:aws:iam::1:user/ann', RevokedReason: 'CVE-2026-1' }
  /** It answers well; what was said. */
  const asked = async (ENV: string, images: Partial<Ports['images']>): Promise<readonly string[]> => {
    const body = JSON.stringify({ version: '2', commit: '4d1a90b7', imageId: 'ami-2' })
    const state = stackState(`acme-shop-${ENV}-app-shop-main`, 'UPDATE_COMPLETE', { outputs: { Url: 'http://web/' } })
    const terminal = answering()
    const http = { get: () => Promise.resolve({ type: 'answer', status: 200, body }) }
    const ports = { stacks: fakeStacks({ states: [state] }), http, terminal, images, clock: fakeClock() }
    await smokeVerb({ ...settings, ENV, IMAGE_ID: 'ami-2' }, ports as unknown as Ports)
    return terminal.said
  }
  const revoked = { describe: () => Promise.resolve([imageFacts('ami-2', { tags })]) }

  for (const ENV of ['integration', 'staging'])
    it(`fails ${ENV}, which the pipeline then takes back, and it goes no further (B13)`, async () => {
      await assert.rejects(asked(ENV, revoked), (error) => {
        assert.ok(isRigletError(error, 'IMAGE'))
        assert.match(error.message, new RegExp(`CVE-2026-1\\. ${ENV} runs it already; it goes no further`))
        assert.match(error.remedy, /back to its last success .*make unrevoke IMAGE_ID=ami-2/s)
        return true
      })
      await asked(ENV, { describe: () => Promise.resolve([imageFacts('ami-2')]) })
    })

  it('leaves production to its guard and to people, and says what it may not ask', async () => {
    await asked('production', revoked)
    const refused = { describe: () => Promise.reject(accessDenied('no right to images', null)) }
    assert.match(
      (await asked('staging', refused)).join('\n'),
      /Not checked whether ami-2 is revoked: no right to images/,
    )
  })
})

describe('a smoke test of production that passes', () => {
  const stack = 'acme-shop-production-app-shop-main'
  const body = JSON.stringify({ version: '2', commit: '4d1a90b7', imageId: 'ami-2' })
  /** After somebody’s change set was executed, while the approved one has the id `approved`. */
  const after = async (executed: string): Promise<void> => {
    const buckets = fakeBuckets()
    const decisive = { stack, oldImage: null, changes: [{ logicalId: 'Group' }] } as unknown
    const packet = { format: packetFormat, decisive, changeSet: 'approved' } as Packet
    const digest = digestOf(packet.decisive)
    await buckets.put('bucket', `packets/e1/${digest}.json`, JSON.stringify(packet))
    const state = stackState(stack, 'UPDATE_COMPLETE', { outputs: { Url: 'http://web/' }, changeSet: executed })
    const ports = {
      stacks: fakeStacks({ states: [state] }),
      http: { get: () => Promise.resolve({ type: 'answer', status: 200, body }) },
      terminal: answering(),
      clock: fakeClock(),
      files: fakeFiles(),
      buckets,
    } as unknown as Ports
    const job = { ARTIFACTS_BUCKET: 'bucket', DIGEST: digest, EXECUTION_ID: 'e1' }
    await smokeVerb({ ...settings, ENV: 'production', IMAGE_ID: 'ami-2', ...job }, ports)
  }

  it('fails all the same where another change set took the place of the approved one (B22)', async () => {
    await after('approved')
    await assert.rejects(
      after('planted'),
      (error) =>
        isRigletError(error, 'APPROVAL') &&
        /was changed by another change set than the one that was approved: planted/.test(error.message),
    )
  })
})
