import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { AuthorizeSecurityGroupIngressCommand } from '@aws-sdk/client-ec2'
import { CreateListenerCommand, ModifyListenerCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { before, describe, it } from 'mocha'
import { smoke } from '../../scripts/actions/app/smoke.ts'
import { makeHttp } from '../../scripts/io/http.ts'
import { fakeTerminal } from '../fakes/image-ports.ts'
import { makeCertificate, trust, type Certificate } from '../io/certificate.ts'
import { onRehearsal, type Ground } from './rehearsal.ts'
import { makeSite } from '../../rehearsal/contract/support/site.ts'
import { makeWeb } from '../../rehearsal/contract/support/web.ts'

const importing = `
import boto3, json, sys
made = json.load(sys.stdin)
acm = boto3.client("acm", region_name="us-east-1")
print(acm.import_certificate(Certificate=made["certificate"], PrivateKey=made["key"])["CertificateArn"])
`
const importCertificate = ({ rehearsal: { env } }: Ground, made: Certificate): string =>
  execFileSync('rehearsal/.venv/bin/python', ['-c', importing], {
    input: JSON.stringify(made),
    env: { ...process.env, ...env },
    encoding: 'utf8',
  }).trim()

describe('smoke, at a load balancer that has got a certificate', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const identity = { version: '2', commit: '4d1a90b7', imageId: 'ami-0new' }
  let certificate: Certificate
  let url = ''

  // As cloudformation/foundation.yaml has it: one listener moves to 443, and another redirects what asks at 80.
  before(async () => {
    const site = await makeSite(ground)
    const web = await makeWeb(ground, site, 'smoke')
    url = web.url
    const { ec2, elb } = ground.aws
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: site.group, IpPermissions }))
    certificate = await makeCertificate('shop.example')
    const FixedResponseConfig = {
      StatusCode: '200',
      ContentType: 'application/json',
      MessageBody: JSON.stringify(identity),
    }
    await elb.send(
      new ModifyListenerCommand({
        ListenerArn: web.listener,
        Port: 443,
        Protocol: 'HTTPS',
        Certificates: [{ CertificateArn: importCertificate(ground, certificate) }],
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig }],
      }),
    )
    const RedirectConfig = { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } as const
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: web.balancer,
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'redirect', RedirectConfig }],
      }),
    )
  })

  const ask = async (anyName: boolean, seconds = 20) => {
    const terminal = fakeTerminal()
    const clock = {
      now: () => new Date(),
      sleep: (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds)),
    }
    const forget = trust(certificate)
    try {
      return {
        found: await smoke({ url, imageId: 'ami-0new', anyName, seconds }, { http: makeHttp(), clock, terminal }),
        terminal,
      }
    } finally {
      forget()
    }
  }

  it('finds the app over HTTPS under the load balancer’s own name', async () => {
    const { found, terminal } = await ask(true)
    assert.deepEqual(found, identity)
    assert.match(terminal.said.at(-1)!, /^https:\/\/\S+\/ answers as version 2 /)
  })

  it('finds fault with a certificate that does not carry the app’s name', async () => {
    await assert.rejects(ask(false, 2), /last it was: no answer \(.* does not match certificate's altnames/)
  })
})
