import assert from 'node:assert/strict'
import { recoverEnvironment, recoverPipeline } from '../../../scripts/actions/recover/recover.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings as staging } from '../../fakes/riglet.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const settings = { ...staging, ENV: 'integration' }
const ground = 'acme-shop-integration-foundation'
const [jobs, app] = ['acme-shop-jobs-shop-main', 'acme-shop-staging-app-shop-main']

describe('recovering what could not be deleted, and others stand on (R15)', () => {
  for (const [title, recover, states, words] of [
    [
      'deletes no environment while a pipeline builds in it',
      recoverEnvironment,
      [
        stackState(ground, 'DELETE_FAILED'),
        stackState(jobs, 'CREATE_COMPLETE', { parameters: { BuildFoundation: ground } }),
      ],
      /^acme-shop integration is still used by acme-shop-jobs-shop-main\. Delete these first: make delete-pipeline /,
    ],
    [
      'deletes no pipeline while it has an app',
      recoverPipeline,
      [stackState(jobs, 'DELETE_FAILED'), stackState(app)],
      /is still used by acme-shop-staging-app-shop-main\. .*: make delete-app ENV=\.\.\. REPO=shop BRANCH=main$/,
    ],
  ] as const satisfies readonly (readonly [string, unknown, readonly StackState[], RegExp])[])
    it(title, async () => {
      const stacks = fakeStacks({ states })
      await assert.rejects(
        recover(settings, fakePorts(answering('yes'), fakeRegion({ stacks }))),
        ({ code, message, remedy }: RigletError) => code === 'STACK_NEEDED' && words.test(`${message} ${remedy}`),
      )
      assert.deepEqual(stacks.removed, [])
    })
})
