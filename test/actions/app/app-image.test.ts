import assert from 'node:assert/strict'
import { changeApp, planApp } from '../../../scripts/actions/app/app.ts'
import { accessDenied } from '../../../scripts/core/access/errors.ts'
import type { TemplateFacts } from '../../../scripts/core/image/launch.ts'
import type { Fleet } from '../../../scripts/core/ports/fleet.ts'
import { fakeFleet } from '../../fakes/pipelines.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import { fakeFiles, fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { settings, templates } from '../../fakes/riglet.ts'
import { fakeStacks } from '../../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../../fakes/terminal.ts'
import { name, one, two, images, ports, refusal } from './support/app.ts'

describe('app', () => {
  it('refuses an image that is missing or not shared', async () => {
    const { message, remedy } = await refusal(one, [])
    assert.match(message, /There is no image ami-00000000000000001 that this account may use in eu-central-1/)
    assert.match(remedy, /not shared with this account/)
    assert.match(remedy, /^Look: aws ec2 describe-images .* --region eu-central-1 --profile acme$/m)
  })

  it('says whose right is missing where it may not ask for the image', async () => {
    const region = fakeRegion()
    const denied = { ...region.images, describe: () => Promise.reject(accessDenied('no right to images', null)) }
    const work = planApp(
      { ...settings, IMAGE: one },
      { ...fakePorts(answering(), region, { files: fakeFiles(templates) }), images: denied },
    )
    await assert.rejects(work, ({ code }: RigletError) => code === 'ACCESS_DENIED')
  })

  it('refuses an image that is pending or failed, each with what helps', async () => {
    const pending = await refusal(one, [imageFacts(one, { state: 'pending' })])
    assert.match(pending.message, /is pending, not available/)
    assert.match(pending.remedy, /aws ec2 wait image-available .* --region eu-central-1 --profile acme$/)
    const failed = await refusal(one, [imageFacts(one, { state: 'failed' })])
    assert.match(failed.remedy, /make bake/)
  })

  it('refuses an image that cannot be decrypted', async () => {
    const key = 'arn:aws:kms:eu-central-1:123456789012:key/k'
    const known = [imageFacts(one, { encrypted: ['snap-1'] })]
    const region = fakeRegion({ images: known, snapshotKeys: { 'snap-1': key }, keyStates: { [key]: 'Disabled' } })
    const work = planApp({ ...settings, IMAGE: one }, fakePorts(answering(), region, { files: fakeFiles(templates) }))
    await assert.rejects(work, ({ message }: RigletError) =>
      /cannot be decrypted: the key \S+ is disabled/.test(message),
    )
  })

  it('refuses an image of another architecture than its instances', async () => {
    const { message } = await refusal(one, [imageFacts(one, { architecture: 'arm64' })])
    assert.match(message, /is arm64; instances of type t3\.small boot x86_64/)
    const other = await refusal(one, images, { INSTANCE_TYPE: 't4g.small' })
    assert.match(other.message, /is x86_64; instances of type t4g\.small boot arm64/)
  })

  it('refuses instances of a type that does not exist', async () => {
    assert.match((await refusal(one, images, { INSTANCE_TYPE: 'z9.huge' })).message, /no instances of type z9\.huge/)
  })

  describe('whose group could replace no instance', () => {
    const running = async (fleet: Fleet, known: readonly ImageFacts[]) => {
      const stacks = fakeStacks()
      await changeApp('create', { ...settings, IMAGE: one }, ports(stacks, answering('yes')))
      const state = stacks.states.get(name)!
      stacks.states.set(name, { ...state, outputs: { GroupName: 'group' } })
      const told = async (IMAGE: string, terminal: FakeTerminal = answering('yes')) => {
        const region = fakeRegion({ stacks, images: known, fleet })
        const work = changeApp('update', { ...settings, IMAGE }, fakePorts(terminal, region, { files }))
        return work.then(
          () => undefined,
          (error: unknown) => error as RigletError,
        )
      }
      return { stacks, told }
    }
    const files = fakeFiles(templates)
    const launching = (template: TemplateFacts): Fleet => ({
      ...fakeFleet(),
      groups: () =>
        Promise.resolve([{ name: 'group', desired: 1, launchTemplate: { id: 'lt-1', version: '2' }, instances: [] }]),
      template: () => Promise.resolve(template),
    })

    it('is not called in sync, and told how it is mended', async () => {
      const { told } = await running(launching({ type: 'version', image: one }), [images[1]!])
      const error = await told('')
      assert.match(
        error!.message,
        /The group of acme-shop-staging-app-shop-main can replace no instance:\n {2}- its image/,
      )
      assert.match(error!.remedy, /make update-app ENV=staging REPO=shop BRANCH=main IMAGE=ami-/)
    })

    it('gets another image, and is told that there is no way back', async () => {
      const { stacks, told } = await running(launching({ type: 'version', image: one }), [images[1]!])
      const terminal = answering('yes')
      assert.equal(await told(two, terminal), undefined)
      assert.equal(stacks.states.get(name)!.parameters['ImageId'], two)
      assert.match(terminal.said.join('\n'), /could not go back to what it runs now: its image ami-00000000000000001/)
    })

    it('gets nothing where its launch template is gone, and is told to be made anew', async () => {
      const { told } = await running(launching({ type: 'no template' }), images)
      const error = await told(two)
      assert.match(error!.message, /can replace no instance:\n {2}- its launch template lt-1 was deleted$/)
      assert.match(error!.remedy, /make delete-app ENV=staging .*\n.*make create-app ENV=staging .* IMAGE=ami-/)
    })

    it('is planned, and told about, where nobody may ask', async () => {
      const denied = () => Promise.reject(accessDenied('no right to groups', null))
      const { told } = await running({ ...fakeFleet(), groups: denied }, images)
      const terminal = answering()
      assert.equal(await told('', terminal), undefined)
      assert.match(
        terminal.said.join('\n'),
        /^Not checked whether acme-\S+ can replace an instance: .*no right to groups/m,
      )
      assert.match(terminal.shown.at(-1)!, /in sync/)
    })
  })
})
