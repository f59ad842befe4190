import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { loadTemplate, type Tree } from './support/template.ts'

const run = promisify(execFile)

/** The keys of AWS's own examples; they open nothing. */
const keys = {
  AccessKeyId: 'AKIDEXAMPLE',
  SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  Token: 'to/k+en=',
}

type Call = { readonly headers: IncomingMessage['headers']; readonly body: string }

/** Signs what was sent once more, with the SDK that AWS's own CLI is made of. */
const botocore = `
import json, sys
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
call, keys = json.load(sys.stdin)
names = call["headers"]["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
request = AWSRequest("POST", "http://" + call["headers"]["host"] + "/", data=call["body"].encode())
for name in names:
    request.headers[name] = call["headers"][name]
request.context["timestamp"] = call["headers"]["x-amz-date"]
signer = SigV4Auth(Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["Token"]), "autoscaling", "us-east-1")
canonical = signer.canonical_request(request)
print(signer.signature(signer.string_to_sign(request, canonical), request))
`

describe('the boot check of an instance', function () {
  this.timeout(30_000)
  let folder = ''
  const servers: Server[] = []
  let asked: string[] = []
  let calls: Call[] = []
  let health: number[] = []
  let refusals = 0

  /** One server plays the app, the instance metadata service and the API. */
  const serve = async (): Promise<string> => {
    const server = createServer((request, reply) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        const [status, text] = answer(request, body)
        reply.writeHead(status).end(text)
      })
    })
    servers.push(server)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return String((server.address() as AddressInfo).port)
  }
  const answer = ({ method, url = '', headers }: IncomingMessage, body: string): [number, string] => {
    if (method === 'POST') {
      calls.push({ headers, body })
      return refusals-- > 0 ? [400, 'No active Lifecycle Action found'] : [200, '<CompleteLifecycleActionResponse/>']
    }
    if (method === 'PUT') return [200, 'a-token']
    if (!url.startsWith('/latest/meta-data/')) {
      asked.push(`${url} of ${headers.host}`)
      return [health.length > 1 ? health.shift()! : health[0]!, 'x']
    }
    if (headers['x-aws-ec2-metadata-token'] !== 'a-token') return [401, '']
    const known: Record<string, string> = {
      'local-ipv4': '127.0.0.1',
      'instance-id': 'i-0123456789abcdef0',
      'iam/security-credentials/': 'the-role',
      'iam/security-credentials/the-role': JSON.stringify(keys),
    }
    const value = known[url.replace('/latest/meta-data/', '')]
    return value === undefined ? [404, ''] : [200, value]
  }

  /** Runs the user data as cloud-init does; it returns at once, and what it left running goes on. */
  const boot = async (path: string): Promise<string> => {
    const port = await serve()
    const { LaunchTemplateData } = (await loadTemplate('app-image')).Resources['LaunchTemplate']!
      .Properties as Tree as {
      LaunchTemplateData: { UserData: { 'Fn::Base64': { 'Fn::Sub': [string, Tree] } } }
    }
    const [text, own] = LaunchTemplateData.UserData['Fn::Base64']['Fn::Sub']
    assert.deepEqual(own, { Path: { 'Fn::Base64': { Ref: 'HealthCheckPath' } } })
    const known: Record<string, string> = {
      ...{ Riglet: 'acme-shop', Environment: 'production', App: 'web-main', Port: port },
      ...{ Path: Buffer.from(path).toString('base64'), 'AWS::Region': 'us-east-1', 'AWS::URLSuffix': 'amazonaws.com' },
    }
    const script = join(folder, 'part-001')
    await writeFile(
      script,
      text.replace(/\$\{([^}]+)\}/g, (_, name: string) => known[name] ?? assert.fail(name)),
    )
    const here = `http://127.0.0.1:${port}`
    const env = { PATH: process.env['PATH'], AWS_ENDPOINT_URL: here, AWS_EC2_METADATA_SERVICE_ENDPOINT: here }
    await run('python3', [script], { env })
    return port
  }
  const until = async (done: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 200 && !done(); turn += 1) await new Promise((go) => setTimeout(go, 50))
    assert.ok(done(), JSON.stringify({ asked, calls }))
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boot-check-'))
    ;[asked, calls, health, refusals] = [[], [], [200], 0]
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
    await rm(folder, { recursive: true })
  })

  it('asks the instance’s own address for the path as it is, and waits until that answers 200', async () => {
    health = [503, 301, 200]
    const path = `/health?a="b"&c='''\${x}\\`
    const port = await boot(path)
    await until(() => calls.length === 1)
    assert.deepEqual(asked, Array(3).fill(`${path} of 127.0.0.1:${port}`))
  })

  it('then completes the hook of its own group, with the role’s keys', async () => {
    await boot('/')
    await until(() => calls.length === 1)
    assert.deepEqual(Object.fromEntries(new URLSearchParams(calls[0]!.body)), {
      Action: 'CompleteLifecycleAction',
      Version: '2011-01-01',
      AutoScalingGroupName: 'acme-shop-production-app-web-main',
      LifecycleHookName: 'serves',
      LifecycleActionResult: 'CONTINUE',
      InstanceId: 'i-0123456789abcdef0',
    })
    assert.equal(calls[0]!.headers['x-amz-security-token'], keys.Token)
  })

  it('signs as AWS’s own SDK does', async () => {
    await boot('/')
    await until(() => calls.length === 1)
    const said = run('python3', ['-c', botocore])
    said.child.stdin!.end(JSON.stringify([calls[0], keys]))
    const signature = (await said).stdout.trim()
    assert.match(signature, /^[0-9a-f]{64}$/)
    const date = String(calls[0]!.headers['x-amz-date']).slice(0, 8)
    assert.equal(
      calls[0]!.headers.authorization,
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${date}/us-east-1/autoscaling/aws4_request, ` +
        `SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=${signature}`,
    )
  })

  it('tries again when it is not waited for yet', async () => {
    refusals = 1
    await boot('/')
    await until(() => calls.length === 2)
  })
})
