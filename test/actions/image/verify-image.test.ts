import assert from 'node:assert/strict'
import { reportFile, verifyImage } from '../../../scripts/actions/image/verify-image.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import { imageOrder } from '../../../scripts/core/image/order.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeFiles, fakeImages, fakePacker, fakeTerminal, imageFacts } from '../../fakes/image-ports.ts'

const order = {
  ...imageOrder({ OWNER: 'o', PROJECT: 'p', REGION: 'us-east-1', REPO: 'web', BRANCH: 'main', EXECUTION_ID: 'e' }),
  imageId: 'ami-0new',
  report: reportFile,
  encrypted: true,
}
const good = '<testsuite><testcase name="nginx runs"/><testcase name="port 80"/></testsuite>'
const bad =
  '<testsuite><testcase name="nginx runs"><failure>not running</failure></testcase><testcase name="port 80"/></testsuite>'

/** Packer leaves `report`, ends with `code` and, if it was killed, leaves its machine. */
function world(report: string | undefined, code: number, left = false, state = 'available') {
  const images = fakeImages([imageFacts('ami-0new', { Version: '2' }, state)])
  const files = fakeFiles({
    'reports/verify.xml': good,
  })
  const packer = fakePacker(({ variables }) => {
    const tags = { Owner: 'o', Project: 'p', Builder: 'verify', BuiltFor: variables['built_for']! }
    if (left) images.running.set('i-left', { id: 'i-left', tags })
    if (report !== undefined) files.content.set(variables['report']!, report)
    return code
  })
  const ports = { images, files, packer, terminal: fakeTerminal() } as unknown as Ports
  return { ports, images, packer }
}

describe('verify-image', () => {
  it('boots the very candidate and counts its checks (G08)', async () => {
    const { ports, packer } = world(good, 0)
    assert.deepEqual(await verifyImage(order, ports), { passed: 2, failures: [] })
    assert.equal(packer.builds[0]!.variables['image_id'], 'ami-0new')
  })

  it('boots an image of another architecture than its variable file has on a type that can run it (A04)', async () => {
    const { ports, packer, images } = world(good, 0)
    images.all.set('ami-0new', { ...imageFacts('ami-0new'), architecture: 'arm64' })
    await verifyImage({ ...order, report: 'reports/arm64.xml' }, ports)
    const { instance_type: type, report } = packer.builds[0]!.variables
    assert.deepEqual([type, report], ['t4g.small', 'reports/arm64.xml'])
  })

  it('refuses an image that fails a check, and names the check (G08)', async () => {
    const { ports } = world(bad, 1)
    await assert.rejects(
      verifyImage(order, ports),
      (error) => isRigletError(error, 'IMAGE') && /fails a check:\n {2}nginx runs: not running/.test(error.message),
    )
  })

  it('takes a machine that never answered for a failure, and never an old report for its own', async () => {
    const { ports } = world(undefined, 1)
    await assert.rejects(
      verifyImage(order, ports),
      (error) => isRigletError(error, 'IMAGE') && /could not be checked/.test(error.message),
    )
  })

  it('is no success when Packer failed after the report', async () => {
    const { ports } = world(good, 1)
    await assert.rejects(verifyImage(order, ports), (error) => isRigletError(error, 'IMAGE'))
  })

  it('ends a machine that Packer left (G08)', async () => {
    const { ports, images } = world(bad, 137, true)
    await assert.rejects(verifyImage(order, ports))
    assert.equal(images.running.size, 0)
  })

  it('boots nothing for an image that is not available', async () => {
    const { ports, packer } = world(good, 0, false, 'deregistered')
    await assert.rejects(
      verifyImage(order, ports),
      (error) => isRigletError(error, 'IMAGE') && /state is deregistered/.test(error.message),
    )
    assert.equal(packer.builds.length, 0)
  })
})
