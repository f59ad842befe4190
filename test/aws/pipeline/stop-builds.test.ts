import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { stopBuilds } from '../../../scripts/aws/pipeline/stop-builds.ts'

type Input = { readonly projectName: string; readonly ids: string[]; readonly id: string }

describe('builds that are under way', () => {
  const stopped: string[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const input = JSON.parse(Buffer.concat(parts).toString()) as Input
      const [code, answer] = reply(String(request.headers['x-amz-target']).split('.').at(-1)!, input)
      response.writeHead(code, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer))
    })
  })
  const reply = (action: string, input: Input): readonly [number, object] => {
    if (action === 'StopBuild') stopped.push(input.id)
    if (action === 'ListBuildsForProject')
      return input.projectName === 'gone'
        ? [400, { __type: 'ResourceNotFoundException', message: 'Project does not exist' }]
        : [200, { ids: input.projectName === 'idle' ? [] : ['bake:3', 'bake:2', 'bake:1'] }]
    if (action === 'BatchGetBuilds') return [200, { builds: input.ids.map((id) => ({ id, ...stateOf(id) })) }]
    return [200, {}]
  }
  const stateOf = (id: string): object => {
    if (id === 'bake:3') return { buildStatus: 'IN_PROGRESS', buildComplete: false }
    return { buildStatus: 'STOPPED', buildComplete: id === 'bake:1' }
  }
  const given = { ...process.env }
  before(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const { port } = server.address() as AddressInfo
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
    })
  })
  after(() => {
    server.closeAllConnections()
    server.close()
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
      if (given[name] === undefined) delete process.env[name]
      else process.env[name] = given[name]
  })

  it('are stopped, and counted until they have ended; a project that is gone has none', async () => {
    assert.equal(await stopBuilds(['bake', 'idle', 'gone'], { region: 'eu-central-1' }), 2)
    assert.deepEqual(stopped, ['bake:3'])
  })
})
