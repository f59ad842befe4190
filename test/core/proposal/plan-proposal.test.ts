import assert from 'node:assert/strict'
import type { BranchCommit, RepositoryLook, Request } from '../../../scripts/core/ports/local/proposals.ts'
import { planProposal, type DesiredProposal } from '../../../scripts/core/proposal/plan-proposal.ts'
import { describeProposal, messageOf } from '../../../scripts/core/proposal/words.ts'

const riglet = { owner: 'acme', project: 'shop' }
const changes = [
  { useCase: 'web', region: 'eu-west-1', architecture: 'x86_64', from: 'ami-00000001', to: 'ami-00000002' },
]
const said = describeProposal(riglet, 'manifests/images.json', changes)
const desired: DesiredProposal = { ...said, text: 'new', base: 'main', asks: true }
const base = { commit: 'b1', text: 'old' }
const own = (id: string, more: Partial<BranchCommit> = {}): BranchCommit => ({
  id,
  parents: ['b1'],
  tree: 't1',
  author: 'riglet <riglet@localhost>',
  message: messageOf(said, 't1'),
  ofManifest: true,
  ...more,
})
const hers = (id: string, more: Partial<BranchCommit> = {}): BranchCommit =>
  own(id, { author: 'Ada <ada@acme.example>', message: 'Mine', ...more })
const request: Request = { number: 7, url: 'u', base: 'main', title: said.title, body: said.body }
const at = (text: string | undefined, ...commits: readonly BranchCommit[]): RepositoryLook => ({
  base,
  branch: { commit: commits[0]?.id ?? 'b0', text, commits },
})

describe('what is proposed', () => {
  const cases: readonly (readonly [string, RepositoryLook, Request | undefined, readonly string[]])[] = [
    ['a branch and a request where there are none', { base, branch: undefined }, undefined, ['commit new b1', 'open']],
    ['a request alone where the branch is there', at('new', own('c1')), undefined, ['open']],
    ['nothing where both are there', at('new', own('c1')), request, []],
    ['another commit where something else was published', at('x', own('c1')), request, ['commit published anew b1']],
    ['it anew where the base moved on', at('new', own('c1', { parents: ['b0'] })), request, ['commit base moved b1']],
    [
      'one commit where its branch has two',
      at('new', own('c2', { parents: ['c1'] }), own('c1')),
      request,
      ['commit base moved b1'],
    ],
    ['it anew on a branch that was merged', at('old'), undefined, ['commit published anew b1', 'open']],
    [
      'one more where others added something',
      at('x', hers('h1', { ofManifest: false }), own('c1')),
      request,
      ['commit behind commits of others h1'],
    ],
    ['nothing where others say the same', at('new', hers('h1'), own('c1')), request, []],
    ['other words where the request has old ones', at('new', own('c1')), { ...request, body: 'old' }, ['rewrite']],
    ['another base where the request has another', at('new', own('c1')), { ...request, base: 'dev' }, ['rewrite']],
  ]
  for (const [title, look, open, steps] of cases)
    it(`is ${title}`, () => {
      const plan = planProposal(desired, look, open)
      assert.deepEqual(
        plan.steps.map((step) => (step.type === 'commit' ? `commit ${step.why} ${step.on}` : step.type)),
        steps,
      )
      assert.deepEqual(plan.standing, [])
    })

  it('is the branch alone where the host has no requests', () => {
    const { steps } = planProposal({ ...desired, asks: false }, { base, branch: undefined }, undefined)
    assert.deepEqual(steps, [{ type: 'commit', on: 'b1', replaces: undefined, why: 'new' }])
  })

  it('is nothing where others changed the manifest on the branch, and their commits are named', () => {
    const { steps, standing } = planProposal(desired, at('other', hers('h1'), own('c1')), request)
    assert.deepEqual([steps, standing.map(({ id }) => id)], [[], ['h1']])
  })

  it('is taken back where the base says all of it, unless others added something', () => {
    const look = { ...at('new', own('c1')), base: { commit: 'b1', text: 'new' } }
    assert.deepEqual(
      planProposal(desired, look, request).steps.map(({ type }) => type),
      ['close', 'remove branch'],
    )
    const shared = { ...at('new', hers('h1'), own('c1')), base: look.base }
    const plan = planProposal(desired, shared, request)
    assert.deepEqual([plan.steps, plan.leftover.map(({ id }) => id)], [[], ['h1']])
  })

  it('is said in as many lines as a host takes', () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({ ...changes[0]!, region: `region-${index}` }))
    const { body } = describeProposal(riglet, 'manifests/images.json', many)
    assert.ok(body.length < 65_536, String(body.length))
    assert.match(body, /^And 1600 more: see the file\.$/m)
  })
})
