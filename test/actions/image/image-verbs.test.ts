import assert from 'node:assert/strict'
import { bakeVerb } from '../../../scripts/actions/image/image-verbs.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports.ts'
import { fakeFiles } from '../../fakes/image-ports.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'

const settings = {
  OWNER: 'acme',
  PROJECT: 'shop',
  REGION: 'eu-central-1',
  REPO: 'web',
  BRANCH: 'main',
  COMMIT: 'c0ffee00',
}

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
        bakeVerb(settings, ports),
        (error) =>
          isRigletError(error, 'STACK_NEEDED') &&
          /The stack acme-shop-artifacts is missing, or has no output KeyArn/.test(error.message) &&
          /`make create-riglet` makes it/.test(error.remedy),
      )
    })

  for (const source of ['{"commit":"HEAD"}', '{"commit":"4d1a90b7\\n"}', '{}', 'null', 'no JSON'])
    it(`bakes nothing of a commit that is none: ${source}`, async () => {
      const { COMMIT: _, ...others } = settings
      const ports = { files: fakeFiles({ 'source.json': source }) } as unknown as Ports
      await assert.rejects(
        bakeVerb({ ...others, KEY_ARN: 'arn:key' }, ports),
        (error) =>
          isRigletError(error, 'FILE') && /^source\.json: commit = ".*" is not 7 to 64 hexadecimal/.test(error.message),
      )
    })
})
