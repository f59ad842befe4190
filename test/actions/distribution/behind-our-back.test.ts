import assert from 'node:assert/strict'
import { publish } from '../../../scripts/actions/distribution/publish.ts'
import { replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { share } from '../../../scripts/actions/share/share.ts'
import { notEnabled, notTakenThere, accessDenied } from '../../../scripts/core/access/errors.ts'
import { targetDenied } from '../../../scripts/core/access/credential-errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import * as sharing from '../share/world.ts'
import { candidate, name, settings, threeRegions, world } from './world.ts'

const home = '111111111111'
const denied = accessDenied('You are not authorized to perform this operation.', new Error('x'))

/** Says yes, and before that lets something happen. */
const whileAsking = (ports: Ports, happens: () => void): Ports => ({
  ...ports,
  terminal: { ...ports.terminal, confirm: () => Promise.resolve(happens()).then(() => true) },
})

const idIn = ({ places }: ReturnType<typeof world>, region: string): string =>
  [...places.held.values()].find(({ facts }) => facts.region === region && facts.name === name)!.facts.id

describe('an image that is deregistered between plan and step', () => {
  it('is named where it was to be copied from; nothing else is lost, and another run says what is missing (B02)', async () => {
    const one = world(threeRegions)
    const gone = (): void => void one.places.held.delete(candidate.id)
    const ports = whileAsking(one.ports, gone)
    assert.equal(await replicate(settings, ports), 1)
    assert.equal(one.screen().match(/ failed .*The image id '\[ami-00000001\]' does not exist/g)?.length, 2)
    await assert.rejects(replicate(settings, one.ports), { code: 'IMAGE', message: new RegExp(candidate.id) })
  })

  it('is named where it was to be published; the others are, the manifest waits, and it is copied anew (B02, B03)', async () => {
    const one = world(threeRegions, Array<string>(8).fill('yes'))
    await replicate(settings, one.ports)
    const id = idIn(one, 'eu-west-1')
    const ports = whileAsking(one.ports, () => void one.places.held.delete(id))
    assert.equal(await publish(settings, ports), 1)
    assert.match(
      one.terminal.said.join('\n'),
      new RegExp(`^! eu-west-1: The image id '\\[${id}\\]' does not exist$`, 'm'),
    )
    assert.ok(!one.files.content.has('manifests/images.json'))
    assert.equal(one.places.held.get(idIn(one, 'ap-south-1'))!.facts.protected, true)
    assert.equal(await replicate(settings, one.ports), 0)
    assert.equal(await publish(settings, one.ports), 0)
    assert.ok(one.files.content.get('manifests/images.json')!.includes(idIn(one, 'eu-west-1')))
  })

  it('is named where it was to be shared, and the others are shared (A18)', async () => {
    const one = sharing.world()
    const [first] = [...one.places.held.keys()]
    assert.equal(
      await share(
        sharing.settings,
        whileAsking(one.ports, () => void one.places.held.delete(first!)),
      ),
      1,
    )
    assert.match(one.screen(), new RegExp(`${first}.* does not exist`))
    assert.equal(await share(sharing.settings, one.ports), 0)
  })
})

describe('a right that is lost half-way', () => {
  for (const operation of ['protect', 'tag', 'share'])
    it(`to ${operation} is told with the place, what was done stays, and another run does the rest (B02)`, async () => {
      const yaml = `accounts: { shop: { account: "333333333333" } }\n${threeRegions.replace('encryption', 'shareWith: [shop], encryption')}`
      const one = world(yaml, Array<string>(8).fill('yes'))
      await replicate(settings, one.ports)
      one.places.fail(`${home} eu-west-1`, operation, denied)
      assert.equal(await publish(settings, one.ports), 1)
      assert.match(one.screen(), /^ {2}eu-west-1 +failed .*You are not authorized to perform this operation/m)
      assert.match(one.screen(), /^ {2}ap-south-1 +done/m)
      assert.match(
        one.terminal.said.join('\n'),
        /images\.json stays as it is: eu-west-1 does not hold what was asked for/,
      )
      const before = one.places.count('protect')
      assert.equal(await publish(settings, one.ports), 0)
      assert.ok(one.places.count('protect') <= before + 1)
    })

  it('to look at an alarm holds the next wave back, and what was done is told (B17)', async () => {
    const yaml = threeRegions.replace(
      'encryption',
      'waves: [{ regions: [eu-west-1], alarm: loud }, { regions: [ap-south-1] }], encryption',
    )
    const one = world(yaml)
    one.places.fail(`${home} eu-west-1`, 'alarm', denied)
    assert.equal(await replicate(settings, one.ports), 1)
    assert.match(
      one.terminal.said.join('\n'),
      /Held back: ap-south-1, us-east-1: the alarm loud could not be looked at in eu-west-1: You are not/,
    )
    assert.match(one.screen(), /^ {2}eu-west-1 +done/m)
  })
})

describe('a place that lets nobody in', () => {
  const there = { region: 'eu-west-1', account: '222222222222', role: 'riglet/consumer' }
  for (const [what, error, told] of [
    [
      'a region that is not enabled, as EC2 answers',
      notTakenThere(there, 'AWS was not able to validate', undefined),
      /eu-west-1, a region that the account may not have enabled/,
    ],
    [
      'a region that is not enabled, as others answer',
      notEnabled(there, 'You are not subscribed', undefined),
      /eu-west-1 is not enabled in the account/,
    ],
    [
      'an account whose role is gone',
      targetDenied(there, denied),
      /riglet\/consumer does not let this account in: .* \(make accounts shows what it takes\)/,
    ],
  ] as const)
    it(`is unchecked by its name, the others are done, and the run fails: ${what} (B02, B06)`, async () => {
      const one = world(threeRegions)
      one.places.fail(`${home} eu-west-1`, 'named', error)
      assert.equal(await replicate(settings, one.ports), 1)
      const screen = one.screen().replaceAll(/\n {8,}/g, ' ')
      assert.match(screen, new RegExp(`eu-west-1 +unchecked .*${told.source}`))
      assert.deepEqual(one.places.copies(), [`${home} ap-south-1 ${name} available`])
    })
})
