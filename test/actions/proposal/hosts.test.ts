import assert from 'node:assert/strict'
import { writeManifest } from '../../../scripts/core/manifest/manifest.ts'
import { openGitHub } from '../../support/hosts/github.ts'
import { openGitLab } from '../../support/hosts/gitlab.ts'
import { failureOf } from '../../support/failure.ts'
import { branch, consumerWorld, first, manifestOf, name, second, token, type ConsumerWorld } from './world.ts'

const path = 'manifests/images.json'
const now = writeManifest(manifestOf(second))

describe('document', function () {
  this.timeout(60_000)
  let world: ConsumerWorld
  const closing: (() => Promise<void>)[] = []
  beforeEach(async () => {
    world = await consumerWorld()
    world.publish(second)
  })
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
    await world.end()
  })

  describe('to GitLab', () => {
    const atGitLab = async () => {
      const gitlab = await openGitLab(world.repository, name, token)
      closing.push(gitlab.close)
      world.consumer(`  host: gitlab\n  api: ${gitlab.url}/api/v4\n`)
      return gitlab
    }

    it('proposes the manifest as a merge request, and keeps that one up to date (G16, G17)', async () => {
      const gitlab = await atGitLab()
      world.publish([second[0], first[1]])
      assert.match(
        (await world.run()).screen,
        /^https:\/\/gitlab\.example\/acme\/infrastructure\/-\/merge_requests\/3$/m,
      )
      world.publish(second)
      assert.match((await world.run()).screen, /^ {2}~ merge request 3: /m)
      assert.equal(await world.repository.textOf(branch, path), now)
      const [one, ...more] = gitlab.requests
      assert.deepEqual([one!.source_branch, one!.target_branch, more.length], [branch, 'main', 0])
      assert.ok(one!.description.includes('| web | eu-west-1 | x86_64 | ami-00000002 | ami-00000004 |'))
      assert.match((await world.run()).screen, /nothing to do, https:/)
    })

    it('opens no second one when the reply about the first got lost, and closes it when nobody is to merge it any more', async () => {
      const gitlab = await atGitLab()
      gitlab.fail('POST', 'dropped')
      await world.run()
      assert.equal(gitlab.requests.length, 1)
      world.publish(first)
      await world.run()
      assert.deepEqual([gitlab.requests[0]!.state, await world.repository.branches()], ['closed', ['main']])
    })

    it('says why it refuses, in its own words', async () => {
      const gitlab = await atGitLab()
      gitlab.fail('POST', { status: 403, body: { message: '403 Forbidden' } })
      const { message, remedy } = await failureOf(world.run())
      assert.match(
        message,
        /^127\.0\.0\.1:\d+ refuses to open a merge request in acme\/infrastructure: 403 403 Forbidden$/,
      )
      assert.match(remedy, /Give the token in GITLAB_TOKEN the scope api, and the role Developer/)
    })
  })

  describe('to any other git', () => {
    it('pushes the branch, and says how to ask for it (G17)', async () => {
      world.consumer('  token: SHOP_TOKEN\n')
      const { code, screen } = await world.run()
      assert.equal(code, 0)
      assert.match(
        screen,
        /riglet\/acme-shop says what is published\. Ask for it where the repository lies, or by mail:/,
      )
      assert.match(
        screen,
        /^ {2}git request-pull main http:\/\/127\.0\.0\.1:\d+\/acme\/infrastructure\.git riglet\/acme-shop$/m,
      )
      assert.equal(await world.repository.textOf(branch, path), now)
      assert.equal((await world.run()).screen, 'acme/infrastructure: nothing to do')
    })

    it('takes a path on this machine, without any token', async () => {
      world.files.content.set(
        'manifests/images.yaml',
        `images:\n  web: { regions: [us-east-1, eu-west-1] }\nconsumer: { repository: ${world.repository.home}, path: deep/down/images.json }\n`,
      )
      await world.run()
      assert.equal(await world.repository.textOf(branch, 'deep/down/images.json'), now)
      assert.equal(await world.repository.git(['diff', '--name-only', 'main', branch]), 'deep/down/images.json')
    })

    it('refuses to write over a link, and names a base branch that is not there', async () => {
      world.consumer('  token: SHOP_TOKEN\n  base: trunk\n')
      assert.match((await failureOf(world.run())).message, /^acme\/infrastructure has no branch trunk\.$/)
      const { repository } = world
      const index = { GIT_INDEX_FILE: `${repository.home}/link.index` }
      const blob = await repository.git(['hash-object', '-w', '--stdin'], 'elsewhere')
      await repository.git(['update-index', '--add', '--cacheinfo', `120000,${blob},${path}`], '', index)
      const tree = await repository.git(['write-tree'], '', index)
      const on = await repository.git(['commit-tree', tree, '-m', 'A link'], '', {
        GIT_AUTHOR_NAME: 'Ada',
        GIT_AUTHOR_EMAIL: 'a@b',
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'a@b',
      })
      await repository.git(['update-ref', 'refs/heads/trunk', on])
      assert.match(
        (await failureOf(world.run())).message,
        /^manifests\/images\.json in acme\/infrastructure is a link, not a file\.$/,
      )
    })
  })

  describe('with its token', () => {
    const atGitHub = async () => {
      const github = await openGitHub(world.repository, name, token)
      closing.push(github.close)
      world.consumer(`  host: github\n  api: ${github.url}\n`)
      return github
    }
    const secrets = [token, Buffer.from(`x-access-token:${token}`).toString('base64')]
    const assertHidden = (text: string): void => {
      for (const secret of secrets) assert.ok(!text.includes(secret), text)
    }

    it('writes it on no command line, in no address, and into nothing that it says', async () => {
      await atGitHub()
      const { screen, said } = await world.run()
      assertHidden(screen + said)
      const words = world.commands.flatMap(({ args }) => args)
      assert.ok(words.includes('push') && words.includes('fetch'))
      assertHidden(words.join('\n'))
      assert.ok(world.server.asked.some(({ authorization }) => authorization === `Basic ${secrets[1]}`))
      assertHidden(world.server.asked.map(({ url }) => url).join('\n'))
    })

    it('says nothing of it where it is refused, by git or by the host', async () => {
      const github = await atGitHub()
      const other = 'ghp_AnotherToken0123456789'
      world.environment['GITHUB_TOKEN'] = other
      const refused = await failureOf(world.run())
      assert.match(
        refused.message,
        /^127\.0\.0\.1:\d+ refuses to (?:read|list the pull requests of) acme\/infrastructure: 401 /,
      )
      assert.match(refused.remedy, /^Renew the token in GITHUB_TOKEN/)
      world.environment['GITHUB_TOKEN'] = token
      github.fail('POST', github.refused(403, `Resource not accessible by personal access token`))
      const denied = await failureOf(world.run())
      for (const error of [refused, denied]) {
        assertHidden(`${error.stack} ${error.message} ${error.remedy} ${JSON.stringify(error.cause ?? '')}`)
        assert.ok(!`${error.stack} ${JSON.stringify(error.cause ?? '')}`.includes(other))
      }
      assert.match(
        denied.message,
        /refuses to open a pull request in acme\/infrastructure: 403 Resource not accessible/,
      )
      assert.match(denied.remedy, /write access to contents and pull requests/)
    })

    it('says which variable lacks it, before anybody is asked', async () => {
      await atGitHub()
      delete world.environment['GITHUB_TOKEN']
      const { message, remedy } = await failureOf(world.run())
      assert.match(
        message,
        /^The token for acme\/infrastructure on 127\.0\.0\.1:\d+ is missing: GITHUB_TOKEN is not set\.$/,
      )
      assert.match(remedy, /^Export GITHUB_TOKEN, or keep it in a parameter/)
      assert.equal(world.server.asked.length, 0)
    })

    it('goes nowhere else with it, whatever the host says', async () => {
      await atGitHub()
      world.server.refuse(302, 'http://127.0.0.1:9/elsewhere.git/info/refs?service=git-upload-pack')
      assert.match((await failureOf(world.run())).message, /acme\/infrastructure/)
      assert.equal(world.server.asked.length, 1)
    })

    const answers: readonly (readonly [number, string, RegExp])[] = [
      [404, 'Not Found', /^Check consumer\.repository in manifests\/images\.yaml\./],
      [422, 'Validation Failed', /^Check that main is there, and that requests to it are allowed\.$/],
      [500, 'Server Error', /^Run it again in some minutes: it goes on where it was\.$/],
      [301, 'Moved Permanently', /^Write its new address into consumer\.repository/],
    ]
    for (const [status, words, help] of answers)
      it(`names host, repository and what helps where the host answers ${status}`, async () => {
        const github = await atGitHub()
        github.fail('POST', ...Array.from({ length: 5 }, () => github.refused(status, words)))
        const { message, remedy, code } = await failureOf(world.run())
        assert.equal(code, 'REPOSITORY')
        assert.match(message, new RegExp(`^127\\.0\\.0\\.1:\\d+ refuses to open a pull request in ${name}: ${status} `))
        assert.match(remedy, help)
      })

    it('waits as long as a host asks for, and goes on', async () => {
      const github = await atGitHub()
      const slow = (headers: Record<string, string>) => ({ ...github.refused(429, 'Slow down'), headers })
      github.fail('GET', slow({ 'retry-after': '7' }), { ...github.refused(502, 'Bad Gateway'), headers: {} })
      const ports = world.portsFor([])
      const began = ports.clock.now().getTime()
      assert.equal((await world.run()).code, 0)
      const waited = ports.clock.now().getTime() - began
      assert.ok(waited >= 9000 && waited < 20_000, String(waited))
    })
  })
})
