import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { UpdateStackCommand } from '@aws-sdk/client-cloudformation'
import { DescribeListenersCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { before, describe, it } from 'mocha'
import { changeEnvironment } from '../../scripts/actions/environment/environment.ts'
import { makeRegional } from '../../scripts/aws/ports.ts'
import type { RigletError } from '../../scripts/core/errors.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { makeClock } from '../../scripts/io/clock.ts'
import { makeFiles } from '../../scripts/io/files.ts'
import { fakePorts } from '../fakes/regional.ts'
import { answering } from '../fakes/terminal.ts'
import { makeCertificate } from '../io/certificate.ts'
import { insideRehearsal, until } from './rehearsal.ts'

const settings = { OWNER: 'acme', PROJECT: 'tls', REGION: 'us-east-1', ENV: 'staging' }
const ground = 'acme-tls-staging-foundation'
const importing = `
import boto3, json, sys
made = json.load(sys.stdin)
acm = boto3.client("acm", region_name="us-east-1")
print(acm.import_certificate(Certificate=made["certificate"], PrivateKey=made["key"])["CertificateArn"])
`

describe('an environment’s certificate', function () {
  this.timeout(120_000)
  const rehearsal = insideRehearsal()
  const clock = makeClock(new AbortController().signal)
  let ports: Ports

  before(() => {
    const regional = makeRegional({ region: 'us-east-1' }, clock)
    ports = { ...fakePorts(answering()), ...regional, clock, files: makeFiles(resolve('.')) }
  })

  const change = (purpose: 'create' | 'update', more: object = {}): Promise<number> =>
    changeEnvironment(purpose, { ...settings, ...more }, { ...ports, terminal: answering('yes') })
  const listeners = async (): Promise<(readonly [number | undefined, string | undefined])[]> => {
    const LoadBalancerArn = (await ports.stacks.find(ground))!.outputs['LoadBalancerArn']
    const { Listeners = [] } = await rehearsal.aws.elb.send(new DescribeListenersCommand({ LoadBalancerArn }))
    return Listeners.map(({ Port, Protocol }) => [Port, Protocol] as const).sort(([one], [other]) => one! - other!)
  }
  const both = [
    [80, 'HTTP'],
    [443, 'HTTPS'],
  ]

  it('comes with a redirect that holds port 80, so that it cannot go in one update', async () => {
    const made = await makeCertificate('shop.example')
    const CERTIFICATE_ARN = execFileSync('rehearsal/.venv/bin/python', ['-c', importing], {
      input: JSON.stringify(made),
      env: { ...process.env, ...rehearsal.rehearsal.env },
      encoding: 'utf8',
    }).trim()
    assert.equal(await change('create', { CERTIFICATE_ARN }), 0)
    assert.deepEqual(await listeners(), both)

    // What the plan refuses, as CloudFormation would do it.
    const { parameters } = (await ports.stacks.find(ground))!
    await rehearsal.aws.cloudformation.send(
      new UpdateStackCommand({
        StackName: ground,
        UsePreviousTemplate: true,
        Parameters: Object.keys(parameters).map((ParameterKey) =>
          ParameterKey === 'CertificateArn'
            ? { ParameterKey, ParameterValue: '' }
            : { ParameterKey, UsePreviousValue: true },
        ),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    )
    const end = await until(
      () => ports.stacks.find(ground),
      (state) => !state!.status.endsWith('_IN_PROGRESS'),
    )
    assert.equal(end!.status, 'UPDATE_ROLLBACK_COMPLETE')
    assert.deepEqual(await listeners(), both)
  })

  it('is refused to go at once, and goes in the order that is told', async () => {
    await assert.rejects(change('update', { CERTIFICATE_ARN: '' }), ({ code }: RigletError) => code === 'CHANGE_SET')
    assert.equal(await change('update', { HTTP_REDIRECT: 'no' }), 0)
    assert.deepEqual(await listeners(), [[443, 'HTTPS']])
    assert.equal(await change('update', { CERTIFICATE_ARN: '', HTTP_REDIRECT: '' }), 0)
    assert.deepEqual(await listeners(), [[80, 'HTTP']])
  })
})
