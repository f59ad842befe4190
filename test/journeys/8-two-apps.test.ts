import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GetPipelineStateCommand } from '@aws-sdk/client-codepipeline'
import { after, before, describe, it } from 'mocha'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { startRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { approveShown } from './support/pipeline.ts'
import { statusOf } from './support/stacks.ts'
import { newRepository, type Repository } from './support/repository.ts'
import { until } from '../../rehearsal/contract/support/until.ts'
import { newUser, setVersion, type User } from './support/user.ts'

const run = promisify(execFile)

const environmentsFile = `environments:
  integration: { apps: { web/main: { hostName: web.test }, blog/main: { hostName: blog.test } } }
  staging: { apps: { web/main: { hostName: web.test }, blog/main: { hostName: blog.test, minSize: 1 } } }
  production:
    apps:
      web/main: { hostName: web.example.com }
      blog/main: { hostName: blog.example.com, minSize: 1, maxSize: 2 }
`

const integration = 'acme-shop-integration-app-web-main'

type Answer = { readonly status: number; readonly version?: string; readonly imageId?: string }

describe('two apps of two repositories behind one load balancer', function () {
  this.timeout(900_000)
  let rehearsal: Rehearsal
  let user: User
  /** A repository with nothing of riglet in it but packer/blog. */
  let blog: Repository
  let aws: ReturnType<typeof clients>
  let balancer = ''

  const ofBlog = ['REPO=blog', 'IMAGE=blog'] as const
  const pushesBlog = () => user.does('push', ...ofBlog, `FROM=${blog.folder}`)
  const approves = async (...which: readonly string[]): Promise<void> => {
    await approveShown(user, ...which)
    await user.does('watch-pipeline', ...which)
  }
  /** What a visitor of that host gets from production's load balancer. */
  const ask = (host: string): Promise<Answer> =>
    new Promise((done, failed) => {
      get(`http://${balancer}/identity.json`, { headers: { host } }, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('end', () => {
          const status = reply.statusCode ?? 0
          const text = Buffer.concat(chunks).toString()
          done(status === 200 ? { status, ...(JSON.parse(text) as object) } : { status })
        })
      }).on('error', failed)
    })
  const parametersOf = async (environment: string): Promise<string> =>
    (await user.does('outputs-app', `ENV=${environment}`, ...ofBlog)).stdout

  before(async () => {
    rehearsal = await startRehearsal('journey-two-apps')
    user = await newUser('two apps', rehearsal)
    blog = await newRepository('blog')
    aws = clients(rehearsal)
    await writeFile(join(user.folder, 'environments.yaml'), environmentsFile)
    await run('git', ['add', '-A'], { cwd: user.folder })
    await run('git', ['commit', '-q', '-m', 'Say who answers for which host'], { cwd: user.folder })
  })
  after(async () => {
    await rehearsal.down()
    await Promise.all([user, blog].map((one) => one.leaves()))
  })

  it('change nothing when the first plan is declined, and leave no empty stack', async () => {
    const { code, stderr } = await user.make('create-environment', 'ENV=integration')
    assert.notEqual(code, 0)
    assert.match(stderr, /YES=1/)
    assert.equal(await statusOf(aws, 'acme-shop-integration-foundation'), 'none')
  })

  it('deploy again by themselves after a first deployment that failed', async () => {
    await user.does('create-riglet', 'YES=1')
    const [right, wrong] = [
      'SecurityGroupIds: [!GetAtt SecurityGroup.GroupId]',
      'SecurityGroupIds: [sg-00000000000000000]',
    ]
    await user.commits('Name a security group that does not exist', 'cloudformation/app-image.yaml', (text) =>
      text.replace(right, wrong),
    )
    // The template is control's: a commit alone changes nothing.
    await user.does('update-pipeline', 'YES=1')
    await user.does('push')
    const first = await user.make('watch-pipeline')
    assert.notEqual(first.code, 0)
    assert.match(first.stderr, /Integration Deploy/)
    assert.equal(await statusOf(aws, integration), 'ROLLBACK_COMPLETE')
    await user.commits('Name the one that exists', 'cloudformation/app-image.yaml', (text) =>
      text.replace(wrong, right),
    )
    await user.does('update-pipeline', 'YES=1')
    await user.does('push')
    await user.does('watch-pipeline')
    assert.equal(await statusOf(aws, integration), 'CREATE_COMPLETE')
  })

  it('are shipped side by side, each for its own host, one from a repository with nothing of riglet in it', async () => {
    await user.does('create-pipeline', ...ofBlog, 'YES=1')
    await pushesBlog()
    await user.does('watch-pipeline', ...ofBlog)
    await Promise.all([approves(), approves(...ofBlog)])

    const { stdout } = await user.does('outputs-environment', 'ENV=production')
    balancer = /LoadBalancerDnsName\s+(\S+)/.exec(stdout)?.[1] ?? ''
    const [web, theirs, nobody] = await Promise.all(['web.example.com', 'blog.example.com', 'x.example.com'].map(ask))
    assert.deepEqual([web!.version, theirs!.version], ['1.0.0', '1.0.0'])
    assert.notEqual(web!.imageId, theirs!.imageId)
    assert.equal(nobody!.status, 404)
  })

  it('refuses a third one that would answer for the host of another, and names whose that is', async () => {
    const { imageId = '' } = await ask('web.example.com')
    const third = ['ENV=production', 'REPO=shop', `IMAGE=${imageId}`, 'HOST_NAME=blog.example.com', 'YES=1']
    const { code, stderr } = await user.make('create-app', ...third)
    assert.notEqual(code, 0)
    assert.match(stderr, /acme-shop-production-app-blog-main does so already/)
  })

  it('keeps what a person set, although neither a push nor a colleague says it again', async () => {
    await user.does('update-app', 'ENV=staging', ...ofBlog, 'MAX_SIZE=7', 'YES=1')
    await blog.commits('Raise the version', 'packer/blog/blog.pkrvars.hcl', setVersion('1.1.0'))
    await pushesBlog()
    await user.does('watch-pipeline', ...ofBlog)
    const { stdout } = await user.does('plan-app', 'ENV=staging', ...ofBlog)
    assert.match(stdout, /in sync/)
    const { stdout: other } = await user.does('plan-app', 'ENV=staging', ...ofBlog, 'MAX_SIZE=8')
    assert.match(other, /MaxSize: 7 -> 8/)
    assert.match(await parametersOf('staging'), /blog\.test/)
  })

  it('asks about a revert although it was planned while the version before it waited', async () => {
    // 1.1.0 waits for approval since the push before.
    await blog.git('revert', '--no-edit', 'HEAD')
    await pushesBlog()
    const behind = await until(
      async () => {
        const { stageStates = [] } = await aws.codepipeline.send(
          new GetPipelineStateCommand({ name: 'acme-shop-pipeline-blog-main' }),
        )
        return stageStates.find(({ stageName }) => stageName === 'Production')
      },
      (stage) => stage?.inboundExecution !== undefined,
      600,
    )
    assert.equal(behind?.latestExecution?.status, 'InProgress')
    await approves(...ofBlog)
    assert.equal((await ask('blog.example.com')).version, '1.1.0')
    // It was planned when production still ran what it goes back to: no change then, and one now.
    await until(
      () => user.make('show-approval', 'JSON=1', ...ofBlog),
      ({ code }) => code === 0,
      300,
    )
    await approves(...ofBlog)
    assert.equal((await ask('blog.example.com')).version, '1.0.0')
    assert.equal((await ask('web.example.com')).version, '1.0.0')
  })
})
