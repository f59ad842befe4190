import assert from 'node:assert/strict'
import fc from 'fast-check'
import { mayHaveOlderNames } from '../../scripts/core/stack/kept-names.ts'
import { manifestRules } from '../../scripts/core/manifest/rules.ts'
import { nameRules } from '../../scripts/core/name-rules.ts'
import {
  appName,
  environments,
  isStackNameOf,
  parameterPath,
  rigletName,
  sourceKey,
  stackName,
  type Environment,
  type Riglet,
  type Source,
} from '../../scripts/core/names.ts'

/** Words that names are made of anyway: what is alike when hyphens join it is found in no time. */
const pieces = [
  ...'a b x web api app group main none pipeline schedule artifacts foundation'.split(' '),
  ...environments,
]

const joined = (joints: readonly string[], most: number, rule: RegExp): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.constantFrom(...joints), fc.constantFrom(...pieces)), { minLength: 1, maxLength: most })
    .map((parts) => parts.map(([joint, piece], index) => (index === 0 ? piece : joint + piece)).join(''))
    .filter((word) => rule.test(word))

/** fast-check cannot generate what looks ahead. */
const like = (shape: RegExp, rule: RegExp): fc.Arbitrary<string> =>
  fc.stringMatching(shape).filter((word) => rule.test(word))

const word = fc.oneof(
  joined(['-'], 4, nameRules.owner.pattern),
  like(/^[a-z][a-z0-9-]{0,11}$/, nameRules.owner.pattern),
)
const riglets: fc.Arbitrary<Riglet> = fc.record({ owner: word, project: word })
const sources: fc.Arbitrary<Source> = fc.record({
  repo: fc.oneof(
    joined(['-', '--', '.', '_'], 4, nameRules.repo.pattern),
    like(/^[A-Za-z][A-Za-z0-9._-]{0,99}$/, nameRules.repo.pattern),
  ),
  branch: fc.oneof(
    joined(['-', '--', '/', '.'], 5, nameRules.branch.pattern),
    like(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,40}$/, nameRules.branch.pattern),
  ),
})

const groups = joined(['-'], 4, manifestRules.group.pattern)

type Stack = { readonly what: readonly string[]; readonly name: string }

const artifactsOf = (riglet: Riglet): Stack => ({
  what: ['artifacts', riglet.owner, riglet.project],
  name: stackName.artifacts(riglet),
})
const foundationOf = (riglet: Riglet, environment: Environment): Stack => ({
  what: ['foundation', riglet.owner, riglet.project, environment],
  name: stackName.foundation(riglet, environment),
})
const ofSource = (kind: 'pipeline' | 'schedule', riglet: Riglet, { repo, branch }: Source): Stack => ({
  what: [kind, riglet.owner, riglet.project, repo, branch],
  name: stackName[kind](riglet, { repo, branch }),
})
const appOf = (riglet: Riglet, { repo, branch }: Source, environment: Environment): Stack => ({
  what: ['app', riglet.owner, riglet.project, environment, repo, branch],
  name: stackName.app(riglet, environment, { repo, branch }),
})
const groupOf = (riglet: Riglet, name: string, environment: Environment): Stack => ({
  what: ['group', riglet.owner, riglet.project, environment, name],
  name: stackName.group(riglet, environment, name),
})
/** The name that no stack may have. */
const noneOf = (riglet: Riglet, { repo, branch }: Source): Stack => ({
  what: ['none', riglet.owner, riglet.project, repo, branch],
  name: stackName.none(riglet, { repo, branch }),
})

/** Every kind of stack with all that makes it one, and its name. */
const stacks: fc.Arbitrary<Stack> = fc
  .tuple(riglets, sources, groups, fc.constantFrom(...environments), fc.nat(6))
  .map(
    ([riglet, source, group, environment, kind]) =>
      [
        artifactsOf(riglet),
        foundationOf(riglet, environment),
        ofSource('pipeline', riglet, source),
        appOf(riglet, source, environment),
        noneOf(riglet, source),
        ofSource('schedule', riglet, source),
        groupOf(riglet, group, environment),
      ][kind]!,
  )

/** Rows of words that hyphens could have joined to a stack's name. */
const rows = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'app', 'group', 'none', 'pipeline', 'schedule', ...environments), {
      minLength: 2,
      maxLength: 4,
    }),
    fc.constantFrom(
      ['pipeline'],
      ['schedule'],
      ...environments.flatMap((one) => ['app', 'group'].map((kind) => [one, kind])),
      ['none', 'app'],
      [],
    ),
    fc.array(fc.constantFrom('a', 'app', 'group', 'none', 'main', 'artifacts', 'foundation', ...environments), {
      minLength: 1,
      maxLength: 5,
    }),
  )
  .map((parts) => parts.flat())

/** Everything that such a row could be the name of. */
function readings(row: readonly string[]): Stack[] {
  const found: Stack[] = []
  const cuts = (from: number): number[] => row.flatMap((_, index) => (index > from ? [index] : []))
  const text = (from: number, to = row.length): string => row.slice(from, to).join('-')
  for (const end of cuts(0))
    for (const rest of cuts(end)) {
      const riglet = { owner: text(0, end), project: text(end, rest) }
      if (![riglet.owner, riglet.project].every((one) => nameRules.owner.pattern.test(one))) continue
      const environment = environments.find((one) => one === row[rest])
      if (text(rest) === 'artifacts') found.push(artifactsOf(riglet))
      if (environment !== undefined && text(rest + 1) === 'foundation') found.push(foundationOf(riglet, environment))
      if (environment !== undefined && row[rest + 1] === 'group' && manifestRules.group.pattern.test(text(rest + 2)))
        found.push(groupOf(riglet, text(rest + 2), environment))
      const behind = row[rest] === 'pipeline' ? rest + 1 : row[rest + 1] === 'app' ? rest + 2 : row.length
      for (const middle of cuts(behind)) {
        const source = { repo: text(behind, middle), branch: text(middle) }
        const kind = row[rest]
        if (kind === 'pipeline' || kind === 'schedule') found.push(ofSource(kind, riglet, source))
        else if (environment !== undefined) found.push(appOf(riglet, source, environment))
        else if (row[rest] === 'none') found.push(noneOf(riglet, source))
      }
    }
  return found
}

/** Pairs of different things with one name. */
const doubles = (things: readonly Stack[], nameOf: (stack: Stack) => string): string[][] =>
  things.flatMap((one, index) =>
    things
      .slice(index + 1)
      .filter((other) => nameOf(other) === nameOf(one) && JSON.stringify(other.what) !== JSON.stringify(one.what))
      .map((other) => [...one.what, '=', ...other.what]),
  )

/** Everything that makes it what it is, joined by hyphens. */
const olderName = ({ what: [kind = '', owner = '', project = '', ...rest] }: Stack): string => {
  const [environment = '', ...words] = kind === 'app' ? rest : ['', ...rest]
  const middle = { app: `${environment}-app`, none: 'none-app', pipeline: 'pipeline', artifacts: '', foundation: '' }[
    kind
  ]
  return [owner, project, middle, ...words, kind === 'artifacts' || kind === 'foundation' ? kind : '']
    .filter((word) => word !== '' && word !== undefined)
    .join('-')
}

const many = { numRuns: 100 }

/** Whatever two of these are called alike are the same; a set a run, so that every pair in it is compared. */
const apart = <Thing>(things: fc.Arbitrary<Thing>, nameOf: (thing: Thing) => string, runs = many): void =>
  fc.assert(
    fc.property(fc.array(things, { minLength: 60, maxLength: 120 }), (list) => {
      const seen = new Map<string, string>()
      for (const thing of list) {
        const [name, said] = [nameOf(thing), JSON.stringify(thing)]
        assert.equal(seen.get(name) ?? said, said, name)
        seen.set(name, said)
      }
    }),
    runs,
  )

describe('names of different things', () => {
  it('are never equal: riglets', () => apart(riglets, rigletName))
  it('are never equal: apps', () => apart(sources, appName))
  it('are never equal: stacks of every kind, of all riglets and sources', () => apart(stacks, ({ name }) => name))
  it('are never equal: objects of pushed sources', () => apart(sources, sourceKey))
  it('are never equal: paths of parameters', () => apart(riglets, (riglet) => parameterPath(riglet, 'REPO')))

  it('are never equal, however a row of words is read as one', () =>
    fc.assert(
      fc.property(rows, (row) =>
        assert.deepEqual(
          doubles(readings(row), ({ name }) => name),
          [],
        ),
      ),
      { numRuns: 2000 },
    ))

  it('were equal under the rules of before, as the same property finds', () => {
    const before = fc.property(rows, (row) => assert.deepEqual(doubles(readings(row), olderName), []))
    assert.throws(() => fc.assert(before, { numRuns: 2000 }), /Property failed/)
  })

  const alike: readonly (readonly [string, string, string])[] = [
    [appName({ repo: 'web', branch: 'api-main' }), 'web--api-main', 'a branch with a hyphen'],
    [appName({ repo: 'web-api', branch: 'main' }), 'web-api--main', 'a repository with one'],
    [appName({ repo: 'web', branch: 'main' }), 'web-main', 'neither'],
    [rigletName({ owner: 'a-b', project: 'c' }), 'a-b-c-4e8471', 'an owner with a hyphen'],
    [rigletName({ owner: 'a', project: 'b-c' }), 'a-b-c-b88f83', 'a project with one'],
    [rigletName({ owner: 'acme', project: 'shop' }), 'acme-shop', 'neither, of a riglet'],
    [
      rigletName({ owner: 'a-c', project: 'b-pipeline' }),
      'a-c-bpipeline-970c01',
      'a project that goes on like a stack',
    ],
    [rigletName({ owner: 'a-c', project: 'pipeline' }), 'a-cpipeline-52dfc9', 'a project that is called so'],
  ]
  for (const [name, expected, what] of alike)
    it(`are joined so that they can be told: ${what}`, () => assert.equal(name, expected))

  it('say what they can of what no stack can be called, and end in a hash of the whole', () => {
    assert.match(appName({ repo: 'web', branch: 'feature/x' }), /^web--feature-x--[0-9a-f]{10}$/)
    assert.match(appName({ repo: 'my.shop', branch: 'main' }), /^my-shop--main--[0-9a-f]{10}$/)
    assert.match(appName({ repo: 'a'.repeat(100), branch: 'b'.repeat(100) }), /^a{16}--b{16}--[0-9a-f]{10}$/)
  })

  it('are within the limits of every service', () => {
    fc.assert(
      fc.property(riglets, sources, (riglet, source) => {
        assert.match(rigletName(riglet), /^[a-z](?:-?[a-z0-9])+$/)
        assert.ok(rigletName(riglet).length <= 32)
        assert.match(appName(source), /^[A-Za-z](?:-{0,2}[A-Za-z0-9])+$/)
        assert.ok(appName(source).length <= 46)
        assert.ok(stackName.pipeline(riglet, source).length <= 100)
        // A report group's name: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ReportGroup.html
        assert.ok(`${stackName.jobs(riglet, source)}-verify-checks`.length <= 128)
        assert.ok(isStackNameOf(riglet, stackName.pipeline(riglet, source)))
      }),
    )
  })

  it('ask for nothing where the name is the one of before, too', () => {
    assert.equal(mayHaveOlderNames({ OWNER: 'acme', PROJECT: 'shop', REPO: 'web', BRANCH: 'main' }), false)
    assert.equal(mayHaveOlderNames({ OWNER: 'acme', PROJECT: 'shop' }), false)
    assert.equal(mayHaveOlderNames({ OWNER: 'acme', PROJECT: 'web-shop' }), true)
    assert.equal(mayHaveOlderNames({ OWNER: 'acme', PROJECT: 'shop', REPO: 'web', BRANCH: 'a-b' }), true)
    assert.equal(mayHaveOlderNames({}), false)
  })
})
