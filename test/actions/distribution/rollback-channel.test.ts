import assert from 'node:assert/strict'
import { promote } from '../../../scripts/actions/distribution/promote.ts'
import { rollbackChannel } from '../../../scripts/actions/distribution/rollback-channel.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import { channelWorld, idIn, settings } from './channel-world.ts'

const denied = accessDenied('no right to put parameters', new Error('x'))
const back = { ...settings, REASON: 'logins fail' }

const promoted = async (...releases: readonly number[]) => {
  const all = channelWorld()
  for (const number of releases) {
    all.checkOut(number)
    assert.equal(await promote(settings, all.ports), 0)
  }
  return all
}

describe('rollback-channel', () => {
  it('shows, asks, and lets the channel name the release before again, with the reason kept (G18)', async () => {
    const { ports, terminal, named, idsOf, at } = await promoted(1, 2)
    assert.equal(await rollbackChannel(back, ports), 0)
    assert.deepEqual(named(), idsOf(1))
    assert.match(terminal.shown.at(-2)!, /^ {2}~ eu-west-1 +ami-20000001 \(v1\.2\.0\) -> ami-10000001 \(v1\.1\.0\)$/m)
    assert.equal(terminal.asked.at(-1), 'Take stable of web back?')
    assert.match(
      at('eu-west-1')!.description,
      /^Release v1\.1\.0 of milestone 1\.1, version 1\.1\.0, taken back at 2026-02-01T08:\S+Z: logins fail$/,
    )
  })

  it('goes one release further with each call, and not forth again', async () => {
    const { ports, named, idsOf } = await promoted(1, 2, 3)
    await rollbackChannel(back, ports)
    await rollbackChannel(back, ports)
    assert.deepEqual(named(), idsOf(1))
    await assert.rejects(rollbackChannel(back, ports), {
      code: 'IMAGE',
      message: 'Nothing is known that stable of web named before what it names now.',
    })
  })

  it('goes on where it ended, and takes no region back twice', async () => {
    const { ports, places, named, idsOf } = await promoted(1, 2, 3)
    places.fail('111111111111 eu-west-1', 'putImage', denied)
    assert.equal(await rollbackChannel(back, ports), 1)
    assert.deepEqual(named(), [idIn('us-east-1', 2), idIn('eu-west-1', 3), idIn('ap-south-1', 2)])
    assert.equal(await rollbackChannel(back, ports), 0)
    assert.deepEqual(named(), idsOf(2))
  })

  it('leaves a region alone that never named the release', async () => {
    const { ports, places, checkOut, named, idsOf } = await promoted(1, 2)
    checkOut(3)
    places.fail('111111111111 eu-west-1', 'putImage', denied)
    await promote(settings, ports)
    assert.equal(await rollbackChannel(back, ports), 0)
    assert.deepEqual(named(), idsOf(2))
  })

  it('lets the same release be promoted again, and none besides it in its milestone (G19)', async () => {
    const { ports, checkOut, named, idsOf } = await promoted(1, 2)
    await rollbackChannel(back, ports)
    checkOut(3, ['v1.2.1'])
    await assert.rejects(promote(settings, ports), /^RigletError: v1\.2\.0 was promoted to stable of web/)
    checkOut(2)
    assert.equal(await promote(settings, ports), 0)
    assert.deepEqual(named(), idsOf(2))
    await rollbackChannel(back, ports)
    assert.deepEqual(named(), idsOf(1))
  })

  it('says where a region does not answer, and takes the others back', async () => {
    const { ports, places, screen, at } = await promoted(1, 2)
    places.fail('111111111111 eu-west-1', 'history', denied)
    assert.equal(await rollbackChannel(back, ports), 1)
    assert.match(screen(), /^ {2}eu-west-1 +unchecked {2}no right/m)
    assert.equal(at('us-east-1')!.value, idIn('us-east-1', 1))
    assert.equal(at('eu-west-1')!.value, idIn('eu-west-1', 2))
  })

  it('goes back to what somebody put there by hand, too', async () => {
    const all = channelWorld()
    const there = all.places.at({ region: 'us-east-1' }).parameters
    await there.putImage('/acme/shop/channel/stable/web/x86_64', idIn('us-east-1', 1), '', {})
    await all.clock.sleep(10_000)
    all.checkOut(2)
    await promote(settings, all.ports)
    assert.equal(await rollbackChannel(back, all.ports), 1)
    assert.match(all.screen(), /^ {2}us-east-1 +done +ami-10000000$/m)
    assert.match(all.screen(), /^ {2}eu-west-1 +refused +it named nothing here before$/m)
  })
})
