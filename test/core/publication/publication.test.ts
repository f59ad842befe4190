import assert from 'node:assert/strict'
import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'
import { rightsOf } from '../../../scripts/core/publication/rights.ts'
import { publishSummary } from '../../../scripts/core/publication/summary.ts'
import { lastVerified } from '../../../scripts/core/publication/verified.ts'
import { metadataOf, tagsIn } from '../../../scripts/core/source/pushed.ts'
import { actionRuns } from '../../fakes/pipelines.ts'
import { imageFacts } from '../../fakes/regional.ts'

const hub = `accounts:
  hub: { account: "222222222222", role: riglet/distribution, regions: [us-east-1, eu-west-1] }
  stage: { account: "444444444444", role: riglet/distribution, regions: [us-east-1] }
`
const rights = (yaml: string) => rightsOf('web', readDesired(yaml), 'us-east-1')

describe('what the jobs that publish may reach', () => {
  it('are the regions where this account itself publishes, and nothing elsewhere', () => {
    const { regions, role, manifestRoles, consumer } = rights('images:\n  web: { regions: [eu-west-1, us-east-1] }\n')
    assert.deepEqual([regions, role, manifestRoles, consumer], [['us-east-1', 'eu-west-1'], '', [], ''])
  })

  for (const [account, number] of [
    ['hub', '222222222222'],
    ['stage', '444444444444'],
  ])
    it(`is the role in ${account} where images.yaml says that account: nothing else changes (G32)`, () => {
      const { regions, role, manifestRoles } = rights(
        `${hub}images:\n  web: { account: ${account} }\n  runner: { account: hub }\n`,
      )
      assert.equal(role, `arn:aws:iam::${number}:role/riglet/distribution`)
      assert.deepEqual(regions, ['us-east-1'])
      assert.deepEqual(manifestRoles, [...new Set(['arn:aws:iam::222222222222:role/riglet/distribution', role])].sort())
    })

  it('is the token of Parameter Store, or of Secrets Manager behind it', () => {
    const of = (token: string) =>
      rights(
        `images:\n  web:\nconsumer: { repository: "https://github.com/acme/infrastructure.git", token: ${token} }\n`,
      )
    assert.deepEqual([of('/acme/token').tokenParameter, of('/acme/token').tokenEntry], ['/acme/token', ''])
    assert.equal(of('/aws/reference/secretsmanager/acme/token').tokenEntry, 'acme/token')
  })

  it('refuses all that a job cannot do at once: several architectures, a key for ssh, a variable of a shell', () => {
    const yaml = `images:
  web: { architectures: [x86_64, arm64] }
consumer: { repository: "git@github.com:acme/infrastructure.git" }
`
    assert.throws(() => rights(yaml), {
      code: 'FILE',
      message:
        /images\.web\.architectures: .*\n.*consumer\.repository: .* ssh.*\n.*consumer\.token: GITHUB_TOKEN is a variable/,
    })
  })

  it('refuses an image that images.yaml does not name', () => {
    assert.throws(() => rights('images:\n  runner:\n'), { code: 'NOT_FOUND' })
  })
})

describe('the image that is published', () => {
  const run = (action: string, execution: string, started: number, more: object = {}) => ({
    ...{ stage: action, action, execution, started },
    ...more,
  })
  const passed = (execution: string, started: number, image: string) => [
    run('Bake', execution, started, { variables: { IMAGE_ID: 'ami-told' } }),
    run('Verify', execution, started + 1),
    run('Configure', execution, started + 1, { variables: { IMAGE_ID: image } }),
  ]

  it('is the one of the newest execution that verified one, also where that used an older image again', () => {
    const runs = actionRuns(...passed('e1', 1, 'ami-1'), ...passed('e2', 5, 'ami-2'), ...passed('e3', 9, 'ami-1'))
    assert.deepEqual(lastVerified(runs), { image: 'ami-1', execution: 'e3' })
  })

  it('is never what Bake says alone, and none of an execution whose Verify failed (G30)', () => {
    const runs = actionRuns(
      ...passed('e1', 1, 'ami-1'),
      run('Bake', 'e2', 5, { variables: { IMAGE_ID: 'ami-2' } }),
      run('Verify', 'e2', 6),
      run('Configure', 'e2', 6, { status: 'Failed' }),
      run('Verify', 'e3', 8, { status: 'Failed' }),
    )
    assert.deepEqual(lastVerified(runs), { image: 'ami-1', execution: 'e1' })
    assert.equal(lastVerified([]), undefined)
  })

  it('is told in one line to whoever approves, whatever its tags say', () => {
    const { images } = readDesired('images:\n  web: { public: true }\n')
    const facts = imageFacts('ami-1', { tags: { Version: `1\n2${'x'.repeat(2000)}`, Commit: 'c0ffee1234' } })
    const words = publishSummary(images['web']!, facts, [], [])
    assert.match(words, /^web 1\?2x+\.\.\.$/)
    assert.ok(words.length < 800)
    const plain = imageFacts('ami-1', { tags: { Version: '1.4.2', Commit: 'c0ffee1234' } })
    assert.equal(publishSummary(images['web']!, plain, [], []), 'web 1.4.2 of c0ffee1 (ami-1) for EVERYBODY in ')
  })
})

describe('what was pushed', () => {
  const pushed = { commit: 'c'.repeat(40), message: '', author: '', pusher: '' }

  it('carries its git tags, as many as there is room for', () => {
    assert.deepEqual(tagsIn(metadataOf(pushed, ['v1.4.2', 'größe/1'])), ['v1.4.2', 'größe/1'])
    assert.deepEqual(tagsIn(metadataOf(pushed)), [])
    const many = Array.from({ length: 100 }, (_, index) => `v1.4.${index}`)
    assert.ok(tagsIn(metadataOf(pushed, many)).length > 20)
    assert.ok(metadataOf(pushed, many)['tags']!.length <= 300)
  })
})
