import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { groupsSchema } from '../../../scripts/core/groups/groups-schema.ts'
import { readGroups } from '../../../scripts/core/groups/read-groups.ts'
import { faultsIn } from '../../support/faults.ts'

const commit = '9f3c2e1a'.repeat(5)
const network = 'subnets: [subnet-0123456789abcdef0], securityGroups: [sg-0123456789abcdef0]'
const oneGroup = (repo: string, more = ''): string =>
  `groups:\n  web: { environment: staging, repo: { ${repo} }, ${network}${more} }\n`

const faultsOf = (text: string): readonly string[] => faultsIn(() => readGroups(text))

describe('manifests/groups.yaml', () => {
  it('says of a group which repository, ref and tag it follows, and where it is (A09)', () => {
    const { groups } = readGroups(oneGroup('url: "https://github.com/acme/shop.git", ref: main', ', region: eu-west-1'))
    assert.deepEqual(groups['web'], {
      name: 'web',
      environment: 'staging',
      region: 'eu-west-1',
      repo: { url: 'https://github.com/acme/shop.git', ref: 'main', tagName: 'Commit' },
      tags: {},
      instanceType: 't3.small',
      minSize: 2,
      maxSize: 4,
      subnets: ['subnet-0123456789abcdef0'],
      securityGroups: ['sg-0123456789abcdef0'],
      targetGroups: [],
      warmup: 120,
    })
  })

  for (const text of ['', '# nothing yet\n', 'groups:\n', 'accounts:\ngroups: {}\n'])
    it(`says nothing where nothing stands in it: ${JSON.stringify(text)}`, () =>
      assert.deepEqual(readGroups(text), { accounts: {}, groups: {} }))

  for (const url of [
    'https://github.com/acme/shop.git',
    'ssh://git@github.com:22/acme/shop.git',
    'git@github.com:acme/shop.git',
    'file:///srv/git/shop.git',
  ])
    it(`takes ${url}`, () =>
      assert.equal(readGroups(oneGroup(`url: "${url}", ref: main`)).groups['web']!.repo.url, url))

  for (const url of [
    'ext::sh -c touch% /tmp/x',
    '--upload-pack=touch',
    'http://github.com/acme/shop.git',
    'https://ada:secret@github.com/acme/shop.git',
    '/srv/git/shop.git',
  ])
    it(`refuses ${url}: git would run a program, or the file would hold a password`, () =>
      assert.match(
        faultsOf(oneGroup(`url: "${url}", ref: main`))[0]!,
        /web\.repo\.url: .* is not the address of a git repository/,
      ))

  it('has every fault told at once, each with line, column and path', () => {
    const text = `accounts:
  stage: { account: 222222222222, regions: [mars-north-9] }
groups:
  web:
    environment: nowhere
    repo: { url: "https://github.com/acme/shop.git", ref: "a..b", tag: Commit }
    instanceType: 7
    subnets: []
    securityGroups: [sg-0123456789abcdef0]
  Web: { environment: staging }
`
    assert.deepEqual(faultsOf(text), [
      'manifests/groups.yaml:2:3: stage has no role',
      'manifests/groups.yaml:2:21: stage.account: 222222222222 is not an account of twelve digits, in quotes',
      faultsOf(text)[2],
      'manifests/groups.yaml:5:18: web.environment: "nowhere" is not integration, staging, production',
      'manifests/groups.yaml:6:59: web.repo.ref: "a..b" is not a branch, a tag, or a commit by all its 40 digits',
      'manifests/groups.yaml:6:67: tag is not known here; it may be url, ref, tagName',
      'manifests/groups.yaml:7:19: web.instanceType: 7 is not an instance type such as t3.small',
      'manifests/groups.yaml:8:14: web.subnets is empty',
      'manifests/groups.yaml:10:3: Web is not 1 to 30 of a-z, 0-9 and single hyphens, a letter first',
      'manifests/groups.yaml:10:3: Web has no repo',
      'manifests/groups.yaml:10:3: Web has no subnets',
      'manifests/groups.yaml:10:3: Web has no securityGroups',
    ])
    assert.match(faultsOf(text)[2]!, /^manifests\/groups\.yaml:2:45: stage\.regions\.0: "mars-north-9" is not a region/)
  })

  it('tells what no schema can say', () => {
    const text = `accounts:
  stage: { account: "222222222222", role: riglet/follow, regions: [eu-west-1] }
groups:
  web:
    environment: staging
    account: stage
    region: us-east-1
    repo: { url: "https://github.com/acme/shop.git", ref: main }
    tags: { Commit: abc }
    minSize: 9
    ${network.replace(', ', '\n    ').replaceAll(': [', ': [')}
  batch:
    environment: staging
    account: nobody
    repo: { url: "https://github.com/acme/shop.git", ref: main }
    build: { pipeline: shop, account: stage, region: us-east-1 }
    ${network.replace(', ', '\n    ')}
`
    assert.deepEqual(faultsOf(text), [
      "manifests/groups.yaml:7:13: web.region: us-east-1 is none of stage's regions: eu-west-1",
      'manifests/groups.yaml:9:21: web.tags.Commit: this tag holds the commit, so it cannot be another one',
      'manifests/groups.yaml:10:14: web.minSize: fewest instances 9, and most 4',
      'manifests/groups.yaml:15:14: batch.account: there is no account nobody below accounts: stage',
      "manifests/groups.yaml:17:54: batch.build.region: us-east-1 is none of stage's regions: eu-west-1",
    ])
  })

  it('pins what is in production by a commit: a branch would move it without approval (A13)', () => {
    const production = (ref: string): string =>
      oneGroup(`url: "https://github.com/acme/shop.git", ref: ${ref}`).replace('staging', 'production')
    for (const ref of ['main', 'v1.4.2', commit.slice(0, 12)])
      assert.match(
        faultsOf(production(ref))[0]!,
        /web\.repo\.ref: \S+ moves without anybody's approval; in production say a commit by all its digits/,
      )
    assert.equal(readGroups(production(commit)).groups['web']!.repo.ref, commit)
  })

  it('is in the guide as it may stand', () => {
    const [, example = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(readFileSync('docs/following.md', 'utf8'))!
    const { groups } = readGroups(example)
    assert.deepEqual([groups['web']!.repo.ref, groups['web-live']!.environment], ['main', 'production'])
    assert.match(example, /\$schema=\.\.\/docs\/groups\.schema\.json$/m)
  })

  it('has a schema that is published for editors', () => {
    const file = 'docs/groups.schema.json'
    const text = `${JSON.stringify(groupsSchema, undefined, 2)}\n`
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text)
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(text))
  })
})
