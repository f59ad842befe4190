import assert from 'node:assert/strict'
import { bakeVerb, verifyVerb } from '../../../scripts/actions/image/image-verbs.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeFiles } from '../../fakes/regional.ts'
import { fakeBuckets } from '../../fakes/image-ports.ts'
import { settings } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'

const committed = { ...settings, COMMIT: 'c0ffee00' }

describe('files that builds leave to each other', () => {
  const wrong: readonly (readonly [string, typeof bakeVerb, string, string, string])[] = [
    ['the last bake', verifyVerb, 'out/image.json', '{"id": ', 'out/image.json:1:8: it is not JSON: value expected'],
    [
      'another one',
      verifyVerb,
      'out/image.json',
      '{"ID": "x"}',
      'out/image.json: it must be an object with id as text',
    ],
  ]
  for (const [title, verb, path, text, expected] of wrong)
    it(`are named with the place of their fault: ${title}`, async () => {
      const ports = { files: fakeFiles({ [path]: text }) } as unknown as Ports
      const work = verb({ ...settings, KEY_ARN: 'arn' } as Parameters<typeof bakeVerb>[0], ports)
      await assert.rejects(work, (error) => isRigletError(error, 'FILE') && error.message === expected)
    })
})

describe('make bake by hand', () => {
  const riglets = [
    ['has no artifacts stack', []],
    ['has one that is not whole', [stackState('acme-shop-artifacts', 'REVIEW_IN_PROGRESS')]],
  ] as const
  for (const [words, states] of riglets)
    it(`stops before anything is asked for where the riglet ${words}, for an image without its key cannot be shared`, async () => {
      // No other port: whatever else it did would fail in another way.
      const ports = { stacks: fakeStacks({ states }) } as unknown as Ports
      await assert.rejects(
        bakeVerb(committed, ports),
        (error) =>
          isRigletError(error, 'STACK_NEEDED') &&
          /The stack acme-shop-artifacts is missing, or has no output KeyArn/.test(error.message) &&
          /`make create-riglet` makes it/.test(error.remedy),
      )
    })

  for (const commit of ['HEAD', '4d1a90b7\n', '', 'f'.repeat(39)])
    it(`bakes nothing of a source that names no commit: ${JSON.stringify(commit)}`, async () => {
      const buckets = fakeBuckets()
      await buckets.put('source', 'shop/main/source.zip', 'zip', { 'riglet-commit': commit })
      const build = { ...settings, KEY_ARN: 'arn:key', SOURCE_BUCKET: 'source', SOURCE_VERSION: '1' }
      await assert.rejects(
        bakeVerb(build, { buckets } as unknown as Ports),
        (error) =>
          isRigletError(error, 'PIPELINE') && /^Nobody said which commit source\/shop\/main/.test(error.message),
      )
    })
})
