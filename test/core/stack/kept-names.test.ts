import assert from 'node:assert/strict'
import { keptNames, mayHaveOlderNames } from '../../../scripts/core/stack/kept-names.ts'
import { rigletName } from '../../../scripts/core/names.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import { stackState } from '../../fakes/stacks.ts'

const words = (OWNER: string, PROJECT: string, REPO: string, BRANCH: string) => ({ OWNER, PROJECT, REPO, BRANCH })

/** A stack as it was made before names were told apart. */
const older = (name: string, Owner: string, Project: string, more: Record<string, string> = {}): StackState =>
  stackState(name, 'CREATE_COMPLETE', { tags: { Owner, Project }, parameters: { Owner, Project, ...more } })

const pipeline = older('a-b-pipeline-web-api-main', 'a', 'b', { Repo: 'web', Branch: 'api-main', App: 'web-api-main' })
const app = older('a-b-staging-app-web-api-main', 'a', 'b', { App: 'web-api-main', Environment: 'staging' })

describe('names that were given before', () => {
  const cases: readonly [string, ReturnType<typeof words>, readonly StackState[], object][] = [
    ['nothing is there', words('a', 'b', 'web', 'api-main'), [], { riglet: undefined, app: undefined }],
    [
      'its pipeline says so',
      words('a', 'b', 'web', 'api-main'),
      [pipeline, app],
      { riglet: undefined, app: 'web-api-main' },
    ],
    [
      'the pipeline is another one’s',
      words('a', 'b', 'web-api', 'main'),
      [pipeline, app],
      { riglet: undefined, app: undefined },
    ],
    ['an app has no pipeline', words('a', 'b', 'web-api', 'main'), [app], { riglet: undefined, app: 'web-api-main' }],
    [
      'an app tells another source',
      words('a', 'b', 'web-api', 'main'),
      [older(app.name, 'a', 'b', { ...app.parameters, Repo: 'web', Branch: 'api-main' })],
      { riglet: undefined, app: undefined },
    ],
    [
      'a riglet has stacks under its older name',
      words('a-b', 'c', 'web', 'main'),
      [older('a-b-c-integration-foundation', 'a-b', 'c')],
      { riglet: 'a-b-c', app: undefined },
    ],
    [
      'that name is another riglet’s',
      words('a', 'b-c', 'web', 'main'),
      [older('a-b-c-integration-foundation', 'a-b', 'c')],
      { riglet: undefined, app: undefined },
    ],
    [
      'a stack carries its tags and is not called so',
      words('a', 'b-c', 'web', 'main'),
      [older('a-b-c-database', 'a', 'b-c')],
      { riglet: undefined, app: undefined },
    ],
  ]
  for (const [title, given, states, expected] of cases)
    it(`are kept by whom the stacks say they belong to: ${title}`, () =>
      assert.deepEqual(keptNames(given, states), expected))

  it('are read from the name of the project in a build, which may not ask', () => {
    const build = (project: string) => ({
      ...words('a-b', 'c', 'web', 'api-main'),
      BUILD: `arn:aws:codebuild:us-east-1:123456789012:build/${project}-bake:11111111-2222-3333-4444-555555555555`,
    })
    const name = rigletName({ owner: 'a-b', project: 'c' })
    const told: readonly [string, object][] = [
      ['a-b-c-jobs-web-api-main', { riglet: 'a-b-c', app: 'web-api-main' }],
      ['a-b-c-jobs-web--api-main', { riglet: 'a-b-c', app: undefined }],
      [`${name}-jobs-web-api-main`, { riglet: undefined, app: 'web-api-main' }],
      [`${name}-jobs-web--api-main`, { riglet: undefined, app: undefined }],
    ]
    for (const [project, names] of told) {
      assert.equal(mayHaveOlderNames(build(project)), false, project)
      assert.deepEqual(keptNames(build(project), []), names)
    }
    assert.equal(mayHaveOlderNames(build('other')), true)
  })
})
