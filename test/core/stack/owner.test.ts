import assert from 'node:assert/strict'
import { marksOf, strangerIn } from '../../../scripts/core/stack/owner.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { stackState } from '../../fakes/stacks.ts'

const riglet = { owner: 'a', project: 'b-c' }
const source = { repo: 'web', branch: 'api-main' }

const stack = (tags: Record<string, string>, parameters: Record<string, string> = {}, status?: string): StackState =>
  stackState('a-b-c-pipeline-web-api-main', status, { tags, parameters })

const cases: readonly [string, StackState | undefined, string | undefined][] = [
  ['none there', undefined, undefined],
  ['its own', stack({ Owner: 'a', Project: 'b-c' }, { Repo: 'web', Branch: 'api-main' }), undefined],
  ['its own, that does not tell its source', stack({ Owner: 'a', Project: 'b-c' }), undefined],
  ['another riglet’s', stack({ Owner: 'a-b', Project: 'c' }), 'belongs to OWNER=a-b PROJECT=c'],
  ['another riglet’s, by parameters', stack({}, { Owner: 'a-b', Project: 'c' }), 'belongs to OWNER=a-b PROJECT=c'],
  [
    'another source’s',
    stack({ Owner: 'a', Project: 'b-c' }, { Repo: 'web-api', Branch: 'main' }),
    'belongs to REPO=web-api BRANCH=main',
  ],
  ['that contradicts itself', stack({ Owner: 'x', Project: 'b-c' }, { Owner: 'a' }), 'belongs to OWNER=x'],
  ['nobody’s', stack({ Team: 'x' }), 'does not say which OWNER and PROJECT it belongs to'],
  ['nobody’s plan, with nothing in it', stack({}, {}, 'REVIEW_IN_PROGRESS'), undefined],
  ['another riglet’s plan', stack({ Owner: 'x', Project: 'b-c' }, {}, 'REVIEW_IN_PROGRESS'), 'belongs to OWNER=x'],
]

describe('whose a stack is', () => {
  for (const [title, state, whose] of cases)
    it(`is told by its parameters and tags: ${title}`, () =>
      assert.equal(strangerIn(marksOf(riglet, source), state), whose))
})
