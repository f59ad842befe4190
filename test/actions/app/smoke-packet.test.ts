import assert from 'node:assert/strict'
import { smokeVerb } from '../../../scripts/actions/app/smoke-verb.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { digestOf, packetFormat, type Packet } from '../../../scripts/core/approval/packet.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeBuckets, fakeClock } from '../../fakes/image-ports.ts'
import { fakeFiles } from '../../fakes/regional.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const decisive = {
  ...{ stack: 'acme-shop-production-app-shop-main', oldImage: { id: 'ami-1' }, changes: [] },
} as unknown as Packet['decisive']
const [packet, digest] = [JSON.stringify({ format: packetFormat, decisive }), digestOf(decisive)]

/** Nobody answers, after the change set was executed that this packet is about. */
async function failing(get: () => Promise<string | undefined>): Promise<{ error: unknown; reads: number }> {
  let reads = 0
  const state = stackState(decisive.stack, 'UPDATE_COMPLETE', { outputs: { Url: 'http://web/' } })
  const ports = {
    stacks: fakeStacks({ states: [state] }),
    http: { get: () => Promise.resolve({ status: 503, body: '', headers: {} }) },
    terminal: answering(),
    clock: fakeClock(),
    files: fakeFiles(),
    buckets: {
      ...fakeBuckets(),
      get: () => {
        reads += 1
        return get()
      },
    },
  } as unknown as Ports
  const job = { ARTIFACTS_BUCKET: 'bucket', DIGEST: digest, EXECUTION_ID: 'e1', ROLL_BACK_ON_SMOKE: 'production' }
  const error: unknown = await smokeVerb({ ...settings, ENV: 'production', IMAGE_ID: 'ami-2', ...job }, ports).then(
    () => undefined,
    (caught: unknown) => caught,
  )
  return { error, reads }
}

describe('a smoke test of production that fails, and the packet of what was approved', () => {
  it('reads it once', async () =>
    assert.deepEqual(await failing(() => Promise.resolve(packet)), { error: undefined, reads: 1 }))

  it('says why it failed, and which command takes production back, where that cannot be read', async () => {
    const { error } = await failing(() => Promise.reject(accessDenied('no right to the packet', null)))
    assert.ok(isRigletError(error, 'IMAGE'), String(error))
    assert.match(error.message, /did not answer as ami-2/)
    assert.match(error.remedy, /make rollback-app ENV=production REPO=shop BRANCH=main REASON="\.\.\."$/)
  })
})
