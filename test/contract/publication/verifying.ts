import { CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation'
import type { Ground } from '../rehearsal.ts'

const types = { Owner: 'AWS', Version: '1' } as const
const allowAll = (...services: readonly string[]) => ({
  Effect: 'Allow',
  Action: services.map((service) => `${service}:*`),
  Resource: '*',
})
const imported = (name: string) => ({ 'Fn::ImportValue': `acme-shop-artifacts-${name}` })

/**
 * Of a branch's pipeline what a publication sees: a push starts it, its Bake and its Configure name a candidate, and its stage
 * Verify succeeds. Nothing is baked and booted here.
 */
export async function makeVerifying({ aws: { cloudformation: client } }: Ground, image: string): Promise<void> {
  const StackName = 'acme-shop-pipeline-web-main'
  const spec = {
    version: 0.2,
    env: { 'exported-variables': ['IMAGE_ID'] },
    phases: { build: { commands: [`export IMAGE_ID=${image}`] } },
  }
  const tells = (Name: string) => ({
    Name,
    Namespace: Name,
    ActionTypeId: { ...types, Category: 'Build', Provider: 'CodeBuild' },
    InputArtifacts: [{ Name: 'Source' }],
    Configuration: { ProjectName: { Ref: 'Build' } },
  })
  const arn = { 'Fn::GetAtt': ['Role', 'Arn'] }
  const services = ['codepipeline', 'codebuild', 'events'].map((name) => `${name}.amazonaws.com`)
  const SourceKey = 'web/main/source.zip'
  const source = {
    Name: 'Source',
    ActionTypeId: { ...types, Category: 'Source', Provider: 'S3' },
    OutputArtifacts: [{ Name: 'Source' }],
    Configuration: { S3Bucket: imported('SourceBucket'), S3ObjectKey: SourceKey, PollForSourceChanges: 'false' },
  }
  const Resources = {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: services }, Action: 'sts:AssumeRole' }],
        },
        Policies: [
          {
            PolicyName: 'All',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [allowAll('s3', 'kms', 'codebuild', 'codepipeline', 'logs')],
            },
          },
        ],
      },
    },
    Build: {
      Type: 'AWS::CodeBuild::Project',
      Properties: {
        ServiceRole: arn,
        Source: { Type: 'CODEPIPELINE', BuildSpec: JSON.stringify(spec) },
        Artifacts: { Type: 'CODEPIPELINE' },
        Environment: {
          Type: 'LINUX_CONTAINER',
          Image: 'aws/codebuild/standard:7.0',
          ComputeType: 'BUILD_GENERAL1_SMALL',
        },
      },
    },
    Pipeline: {
      Type: 'AWS::CodePipeline::Pipeline',
      Properties: {
        Name: StackName,
        PipelineType: 'V2',
        RoleArn: arn,
        RestartExecutionOnUpdate: false,
        ArtifactStore: { Type: 'S3', Location: imported('ArtifactBucket') },
        Stages: [
          { Name: 'Source', Actions: [source] },
          { Name: 'Bake', Actions: [tells('Bake')] },
          { Name: 'Verify', Actions: [tells('Verify'), tells('Configure')] },
        ],
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: {
          source: ['aws.s3'],
          'detail-type': ['Object Created'],
          detail: { bucket: { name: [imported('SourceBucket')] }, object: { key: [SourceKey] } },
        },
        Targets: [
          {
            Id: 'Pipeline',
            Arn: { 'Fn::Sub': 'arn:aws:codepipeline:${AWS::Region}:${AWS::AccountId}:${Pipeline}' },
            RoleArn: arn,
          },
        ],
      },
    },
  }
  const whose = { Owner: 'acme', Project: 'shop', Repo: 'web', Branch: 'main' }
  const TemplateBody = JSON.stringify({
    Parameters: Object.fromEntries(Object.keys(whose).map((name) => [name, { Type: 'String' }])),
    Resources,
    Outputs: { PipelineName: { Value: { Ref: 'Pipeline' }, Export: { Name: `${StackName}-PipelineName` } } },
  })
  const Parameters = Object.entries(whose).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }))
  await client.send(new CreateStackCommand({ StackName, TemplateBody, Parameters, Capabilities: ['CAPABILITY_IAM'] }))
  await waitUntilStackCreateComplete({ client, maxWaitTime: 90, minDelay: 1, maxDelay: 1 }, { StackName })
}
