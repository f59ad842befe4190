import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { CreateStackCommand, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { makeTakeRole } from '../../../scripts/aws/access/take-role.ts'
import { makeRegional } from '../../../scripts/aws/ports.ts'
import type { Identity } from '../../../scripts/aws/client/clients.ts'
import { needsRole, type Target } from '../../../scripts/core/access/target.ts'
import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { desiredAccounts } from '../../../scripts/core/share/account-stack.ts'
import { makeClock } from '../../../scripts/io/clock.ts'
import { assume, home, makeAccount, type Account } from '../../../rehearsal/contract/support/accounts.ts'
import { clients } from '../../../rehearsal/contract/support/aws.ts'
import { copied } from '../../../rehearsal/contract/support/images.ts'
import { allow, makeRole } from '../../../rehearsal/contract/support/roles.ts'
import { fakeGit } from '../../fakes/checkout.ts'
import { fakeFiles } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'
import { insideRehearsal, until } from '../rehearsal.ts'

export const riglet = { owner: 'acme', project: 'shop' }
export const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' } as const
export const tags = { Owner: 'acme', Project: 'shop', Image: 'web', Version: '1.4.2', Commit: 'c0ffee1' }
export const homeAccount = '123456789012'

/** What EC2 asks of other services for whoever looks at references to images; references that are told hold it. */
export const asksForReferences = [
  'ec2:DescribeLaunchTemplates',
  'imagebuilder:GetContainerRecipe',
  'imagebuilder:GetImageRecipe',
  'imagebuilder:ListContainerRecipes',
  'imagebuilder:ListImageRecipes',
  'ssm:DescribeParameters',
  'ssm:GetParameters',
]

/** A riglet that runs under a role of its own account, and other accounts whose people deploy what it asks them to. */
export function accountsOn() {
  const ground = insideRehearsal()
  const clock = makeClock(new AbortController().signal)

  /** A role of the riglet's account, and who has taken it. */
  const asRole = async (name: string): Promise<() => Promise<Identity>> => {
    const arn = await makeRole(ground, name, '', [
      allow('sts:AssumeRole', 'arn:aws:iam::*:role/riglet/*'),
      allow(['ec2:*', 'kms:*', 'ssm:*', 'cloudwatch:DescribeAlarms']),
      allow(['autoscaling:Describe*', 'cloudformation:*', 'codepipeline:*', 'imagebuilder:*', 's3:*']),
    ])
    const env = await assume(ground.aws, arn)
    const identity = {
      accessKeyId: env['AWS_ACCESS_KEY_ID']!,
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY']!,
      sessionToken: env['AWS_SESSION_TOKEN']!,
    }
    return () => Promise.resolve(identity)
  }

  /** Clients of whoever has taken a role by its external id. */
  const taken = async (by: () => Promise<Identity>, arn: string, externalId: string) => {
    const { accessKeyId, secretAccessKey, sessionToken } = await by()
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    const env = { ...keys, AWS_SESSION_TOKEN: sessionToken! }
    const role = await assume(clients({ ...ground.rehearsal, env }), arn, externalId)
    return (region?: string) => clients({ ...ground.rehearsal, env: role }, region)
  }

  const portsFor = (yaml: string, identify: () => Promise<Identity>, more: Partial<Ports> = {}) => {
    const taken = new Map<string, () => Promise<Identity>>()
    const at = (target: Target) => {
      if (!needsRole(target)) return makeRegional({ region: target.region, identify }, clock)
      const key = JSON.stringify([target.account, target.role, target.externalId])
      const role = taken.get(key) ?? makeTakeRole(target, { region: 'us-east-1', identify })
      taken.set(key, role)
      return makeRegional({ region: target.region, identify: role }, clock)
    }
    const terminal = answering(...Array.from({ length: 9 }, () => 'yes'))
    const files = fakeFiles({ 'manifests/images.yaml': yaml })
    const git = fakeGit([], undefined, ['v1.4.2'])
    const ports = {
      ...at({ region: 'us-east-1' }),
      at,
      clock,
      files,
      git,
      terminal,
      ...more,
    } as Partial<Ports> as Ports
    return {
      ports,
      at,
      files,
      screen: () => terminal.shown.at(-1) ?? '',
      screens: () => terminal.shown.join('\n'),
      said: () => terminal.said.join('\n'),
    }
  }

  /** As the people of the account do it, with the command that `make accounts` prints. */
  const deploy = async (name: string, yaml: string, account: Account, role = 'runner'): Promise<void> => {
    const caller = `arn:aws:sts::${homeAccount}:assumed-role/${role}/test`
    const all = desiredAccounts(readDesired(yaml), { riglet, account: homeAccount, region: 'us-east-1', caller })
    const stack = all.find((one) => one.name === name)!.stack!
    const { cloudformation } = account.in(stack.region)
    await cloudformation.send(
      new CreateStackCommand({
        StackName: stack.name,
        TemplateBody: await readFile(stack.template, 'utf8'),
        Parameters: Object.entries(stack.parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    )
    const { Stacks } = await until(
      () => cloudformation.send(new DescribeStacksCommand({ StackName: stack.name })),
      (found) => !/_IN_PROGRESS$/.test(found.Stacks![0]!.StackStatus!),
    )
    const { StackEvents = [] } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: stack.name }))
    const reasons = StackEvents.flatMap(({ ResourceStatusReason }) => ResourceStatusReason ?? [])
    assert.equal(Stacks![0]!.StackStatus, 'CREATE_COMPLETE', reasons.join('\n'))
  }

  const imageIn = (account: Account, region: string, Name: string, more: object = {}): Promise<string> =>
    copied(account.in(region), {
      Name,
      SourceRegion: region,
      TagSpecifications: [
        { ResourceType: 'image', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      ],
      ...more,
    })

  return {
    ground,
    asRole,
    taken,
    portsFor,
    deploy,
    imageIn,
    home: () => home(ground),
    makeAccount: (name: string) => makeAccount(ground, name),
    lastCall: async (): Promise<number> => (await ground.rehearsal.journal()).at(-1)!.number,
    /** What was asked for by a role, since. */
    askedBy: async (role: string, since = 0) =>
      (await ground.rehearsal.journal(since)).filter(({ principal }) => principal.includes(`:assumed-role/${role}/`)),
  }
}
