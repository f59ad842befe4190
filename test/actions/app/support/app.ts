import assert from 'node:assert/strict'
import { changeApp } from '../../../../scripts/actions/app/app.ts'
import type { RigletError } from '../../../../scripts/core/errors.ts'
import type { ImageFacts } from '../../../../scripts/core/image/image-facts.ts'
import { fakeFiles, fakePorts, fakeRegion, imageFacts } from '../../../fakes/regional.ts'
import { settings, templates } from '../../../fakes/riglet.ts'
import { fakeStacks, type FakeStacks } from '../../../fakes/stacks.ts'
import { answering, type FakeTerminal } from '../../../fakes/terminal.ts'
import { failureOf } from '../../../support/failure.ts'

export const name = 'acme-shop-staging-app-shop-main'

export const one = 'ami-00000000000000001'
export const two = 'ami-00000000000000002'
export const images = [
  imageFacts(one, { tags: { Version: '1.4.2', Commit: '9f3c2e1aa' } }),
  imageFacts(two, { tags: { Version: '1.4.3', Commit: '4d1a90bbb' } }),
]

/** All ports of a region with these images. */
export const ports = (stacks: FakeStacks, terminal: FakeTerminal, known: readonly ImageFacts[] = images) =>
  fakePorts(terminal, fakeRegion({ stacks, images: known }), { files: fakeFiles(templates) })

/** Why an app is not made of an image; nothing was planned for it. */
export const refusal = async (image: string, known: readonly ImageFacts[], more: object = {}): Promise<RigletError> => {
  const stacks = fakeStacks()
  const work = changeApp('create', { ...settings, ...more, IMAGE: image }, ports(stacks, answering('yes'), known))
  const error = await failureOf(work)
  assert.deepEqual(stacks.planned, [])
  return error
}
