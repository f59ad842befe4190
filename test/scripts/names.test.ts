import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { exampleKeys, scriptEnvironment } from './support/environment.ts'

const pairs = (kind: 'Parameter' | 'Tag', values: Readonly<Record<string, string>>): string => {
  const [key, value] = kind === 'Tag' ? ['Key', 'Value'] : ['ParameterKey', 'ParameterValue']
  const members = Object.entries(values).map(
    ([name, text]) => `<member><${key}>${name}</${key}><${value}>${text}</${value}></member>`,
  )
  return `<${kind}s>${members.join('')}</${kind}s>`
}
const stack = (name: string, parameters: Readonly<Record<string, string>>): string =>
  `<member><StackName>${name}</StackName><StackId>arn:${name}</StackId><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-31T12:00:00Z</CreationTime>${pairs('Parameter', parameters)}${pairs('Tag', { Owner: 'acme', Project: 'shop' })}</member>`

/** Made when names were joined by hyphens alone. */
const older = stack('acme-shop-pipeline-web-api-main', { Repo: 'web-api', Branch: 'main', App: 'web-api-main' })

describe('a script', function () {
  this.timeout(30_000)
  let server: Server
  /** Names that were described; `all` for the list. */
  const asked: string[] = []
  before((done) => {
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const name = new URLSearchParams(body).get('StackName') ?? 'all'
        asked.push(name)
        const text = `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${name === 'all' ? older : stack(name, {})}</Stacks></DescribeStacksResult></DescribeStacksResponse>`
        response.writeHead(200, { 'content-type': 'text/xml' }).end(text)
      })
    }).listen(0, '127.0.0.1', done)
  })
  after(() => server.close())

  const pipelineAskedFor = async (REPO: string, BRANCH: string): Promise<readonly string[]> => {
    asked.length = 0
    const child = spawn(process.execPath, ['scripts/riglet.ts', 'pipeline', 'status'], {
      cwd: resolve(import.meta.dirname, '../..'),
      stdio: ['ignore', 'ignore', 'inherit'],
      env: scriptEnvironment({
        ...exampleKeys,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        ...{ OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', REPO, BRANCH },
      }),
    })
    await new Promise((ended) => child.on('close', ended))
    return asked.filter((name) => name !== 'acme-shop-artifacts')
  }

  /** A pipeline and its jobs. */
  const pair = (app: string): string[] => [`acme-shop-pipeline-${app}`, `acme-shop-jobs-${app}`]

  it('asks for no names where they can only be one', async () => {
    assert.deepEqual(await pipelineAskedFor('web', 'main'), pair('web-main'))
  })

  it('asks once where one may be older, and keeps what says it belongs to this very branch', async () => {
    assert.deepEqual(await pipelineAskedFor('web-api', 'main'), ['all', ...pair('web-api-main')])
    assert.deepEqual(await pipelineAskedFor('web', 'api-main'), ['all', ...pair('web--api-main')])
  })
})
