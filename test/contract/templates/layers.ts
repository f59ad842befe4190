import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import {
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Capability,
} from '@aws-sdk/client-cloudformation'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { shapes } from '../../../scripts/core/shapes.ts'
import { until, type Ground } from '../rehearsal.ts'

const base = '/aws/service/debian/release/12/latest/amd64'
export const Capabilities: Capability[] = ['CAPABILITY_NAMED_IAM']
export const foundation = 'acme-shop-integration-foundation'
export const artifacts = 'acme-shop-artifacts'
export const jobs = 'acme-shop-jobs-web-main'
export const pipeline = 'acme-shop-pipeline-web-main'
export const app = 'acme-shop-integration-app-web-main'
/** The template of each stack. */
export const files = {
  [foundation]: 'foundation',
  [artifacts]: 'artifacts',
  [jobs]: 'jobs',
  [pipeline]: 'pipeline',
  [app]: 'app-image',
}

/** Words to make the layers of a riglet by; each waits until what it asked for has ended. */
export function layersOn(ground: Ground) {
  const cloud = () => ground.aws.cloudformation

  const tags = ['Owner', 'Project', 'App'].map((Key) => ({
    Key,
    Value: { Owner: 'acme', Project: 'shop', App: 'web' }[Key],
  }))
  /** By value, or by the artifact bucket where it is too long for a request. */
  const template = async (name: keyof typeof files): Promise<{ TemplateBody: string } | { TemplateURL: string }> => {
    const text = await readFile(`cloudformation/${files[name]}.yaml`, 'utf8')
    if (Buffer.byteLength(text) <= 51_200) return { TemplateBody: text }
    const Bucket = await outputOf(artifacts, 'ArtifactBucket')
    await ground.aws.s3.send(new PutObjectCommand({ Bucket, Key: `templates/${name}`, Body: text }))
    return { TemplateURL: `https://${Bucket}.s3.us-east-1.amazonaws.com/templates/${name}` }
  }
  const parameters = (values: Readonly<Record<string, string>>) =>
    Object.entries({ Owner: 'acme', Project: 'shop', Riglet: 'acme-shop', ...values }).map(
      ([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      }),
    )
  const desired = async (name: keyof typeof files): Promise<Readonly<Record<string, string>>> => {
    switch (name) {
      case foundation:
        return { Environment: 'integration', Cidr: shapes.integration.cidr, Builds: 'yes' }
      case artifacts:
        return {}
      case jobs:
      case pipeline:
        return {
          ...{ Repo: 'web', Branch: 'main', App: 'web-main', SourceKey: 'web/main/source.zip' },
          ...{ Artifacts: artifacts, ControlKey: 'control/1.0.0-0123456789ab-0123456789ab.zip' },
          ...(name === jobs
            ? { BuildFoundation: foundation, Pipeline: pipeline }
            : { Jobs: jobs, RollBackOnSmoke: 'production' }),
        }
      default: {
        const { Parameter } = await ground.aws.ssm.send(new GetParameterCommand({ Name: base }))
        const who = { Environment: 'integration', Repo: 'web', Branch: 'main', App: 'web-main' }
        return {
          ...who,
          Foundation: foundation,
          Jobs: jobs,
          ListenerPriority: '10',
          ImageId: Parameter!.Value!,
          ...shapes.integration.sizes,
          MinSize: '0',
          TargetCpu: '50',
        }
      }
    }
  }

  const settled = async (StackName: string): Promise<string> => {
    const { Stacks } = await until(
      () => cloud().send(new DescribeStacksCommand({ StackName })),
      (found) => !/_IN_PROGRESS$/.test(found.Stacks?.[0]?.StackStatus ?? ''),
      100,
    )
    return Stacks![0]!.StackStatus!
  }
  /** What CloudFormation says about the resources that failed. */
  const reasons = async (StackName: string): Promise<string> => {
    const { StackEvents = [] } = await cloud().send(new DescribeStackEventsCommand({ StackName }))
    return StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
      .map(({ ResourceStatusReason }) => ResourceStatusReason)
      .join('\n')
  }
  const outputOf = async (StackName: string, key: string): Promise<string> => {
    const { Stacks } = await cloud().send(new DescribeStacksCommand({ StackName }))
    return Stacks![0]!.Outputs!.find(({ OutputKey }) => OutputKey === key)!.OutputValue!
  }
  const create = async (name: keyof typeof files, RoleARN?: string): Promise<void> => {
    const common = {
      StackName: name,
      ...(await template(name)),
      Parameters: parameters(await desired(name)),
      Capabilities,
    }
    await cloud().send(new CreateStackCommand({ ...common, ...(RoleARN !== undefined && { RoleARN }) }))
    assert.equal(await settled(name), 'CREATE_COMPLETE', await reasons(name))
  }

  return { cloud, tags, template, parameters, desired, settled, reasons, outputOf, create }
}
