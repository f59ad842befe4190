import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CreateTagsCommand } from '@aws-sdk/client-ec2'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { document } from '../../scripts/actions/proposal/document.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import type { Target } from '../../scripts/core/access/target.ts'
import { writeManifest } from '../../scripts/core/manifest/manifest.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { inClone } from '../../scripts/io/git/consumer-clone.ts'
import { makeRequests } from '../../scripts/io/hosts/requests.ts'
import { makeProcesses } from '../../scripts/io/processes.ts'
import { home } from '../../rehearsal/contract/support/accounts.ts'
import { copied } from '../../rehearsal/contract/support/images.ts'
import { fakeFiles } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'
import { failureOf } from '../support/failure.ts'
import { makeRepository, temporary, type GitRepository } from '../support/git-repository.ts'
import { openGitServer } from '../support/git-server.ts'
import { insideRehearsal } from './rehearsal.ts'

const run = promisify(execFile)
const token = 'glpat-PlantedToken0123456789'
const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' } as const
const branch = 'riglet/acme-shop'
const path = 'manifests/images.json'

/** The story with its real ports: EC2 says what is published, Systems Manager has the token, and a real git takes it. */
describe('document, with a token that AWS keeps', function () {
  this.timeout(240_000)
  const ground = insideRehearsal()
  const signal = new AbortController().signal
  const clock = makeClock(signal)
  const at = ({ region }: Target) => makeRegional({ region }, clock)
  let folder: Awaited<ReturnType<typeof temporary>>
  let server: Awaited<ReturnType<typeof openGitServer>>
  let repository: GitRepository
  let id = ''

  const manifest = (image: string): string =>
    writeManifest({
      web: {
        'us-east-1': [
          { architecture: 'x86_64', deprecation_time: null, id: image, name: 'acme-shop/web/1', public: false },
        ],
      },
    })
  const documented = (named: string) => {
    const files = fakeFiles({
      'manifests/images.yaml': `images:\n  web:\nconsumer: { repository: "${server.url}/acme/infrastructure.git", token: ${named} }\n`,
      [path]: manifest(id),
    })
    const terminal = answering('yes')
    const processes = makeProcesses(folder.path, signal)
    const proposals: Ports['proposals'] = {
      inClone: (destination, work) => inClone(processes, destination, work),
      requests: (destination) => makeRequests(clock, undefined, destination),
      variable: () => undefined,
    }
    return document(settings, {
      ...at({ region: 'us-east-1' }),
      at,
      clock,
      files,
      terminal,
      proposals,
    } as Partial<Ports> as Ports)
  }

  before(async () => {
    folder = await temporary('document')
    server = await openGitServer(folder.path, token)
    repository = await makeRepository(folder.path, 'acme/infrastructure')
    await repository.commit('main', { 'README.md': 'Ours.\n' }, 'Begin')
    id = await copied(home(ground).in('us-east-1'), { Name: 'acme-shop/web/1' })
    const ssm = new SSMClient({ region: 'us-east-1' })
    await ssm.send(new PutParameterCommand({ Name: '/acme/shop/token', Value: token, Type: 'SecureString' }))
    const secret = ['secretsmanager', 'create-secret', '--name', 'acme/token', '--secret-string', token]
    await run('rehearsal/.venv/bin/aws', [...secret, '--region', 'us-east-1'])
  })
  after(async () => {
    await server.close()
    await folder.remove()
  })

  it('refuses an image that was never published, as EC2 tells (G30)', async () => {
    const { message } = await failureOf(documented('/acme/shop/token'))
    assert.match(message, new RegExp(`web us-east-1 x86_64: ${id} was never published: it has no tag Published`))
    assert.equal(server.asked.length, 0)
  })

  it('proposes what is published with a SecureString, or with what Secrets Manager has (G16, G17)', async () => {
    const Tags = [{ Key: 'Published', Value: '2026-02-01T08:00:00Z' }]
    await home(ground)
      .in('us-east-1')
      .ec2.send(new CreateTagsCommand({ Resources: [id], Tags }))
    assert.equal(await documented('/acme/shop/token'), 0)
    assert.equal(await repository.textOf(branch, path), manifest(id))
    await repository.git(['update-ref', '-d', `refs/heads/${branch}`])
    assert.equal(await documented('/aws/reference/secretsmanager/acme/token'), 0)
    assert.equal(await repository.textOf(branch, path), manifest(id))
  })

  it('names the parameter that is missing', async () => {
    const { message } = await failureOf(documented('/acme/shop/nothing'))
    assert.match(message, /is missing: there is no parameter \/acme\/shop\/nothing\.$/)
  })
})
