import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { CodeBuildClient } from '@aws-sdk/client-codebuild'
import { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { EC2Client } from '@aws-sdk/client-ec2'
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { IAMClient } from '@aws-sdk/client-iam'
import { KMSClient } from '@aws-sdk/client-kms'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { S3Client } from '@aws-sdk/client-s3'
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { SSMClient } from '@aws-sdk/client-ssm'
import { STSClient } from '@aws-sdk/client-sts'
import type { Rehearsal } from './rehearsal.ts'

/** The SDK's clients against a rehearsal, for what a journey looks at or does by hand. */
export function clients({ env, endpoint }: Rehearsal, region = 'us-east-1') {
  const sessionToken = env['AWS_SESSION_TOKEN']
  const credentials = {
    accessKeyId: env['AWS_ACCESS_KEY_ID']!,
    secretAccessKey: env['AWS_SECRET_ACCESS_KEY']!,
    ...(sessionToken !== undefined && { sessionToken }),
  }
  const options = { endpoint, credentials, region }
  return {
    cloudformation: new CloudFormationClient(options),
    codepipeline: new CodePipelineClient(options),
    autoscaling: new AutoScalingClient(options),
    codebuild: new CodeBuildClient(options),
    ec2: new EC2Client(options),
    elb: new ElasticLoadBalancingV2Client(options),
    eventbridge: new EventBridgeClient(options),
    iam: new IAMClient(options),
    kms: new KMSClient(options),
    organizations: new OrganizationsClient(options),
    quotas: new ServiceQuotasClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    logs: new CloudWatchLogsClient(options),
    ssm: new SSMClient(options),
    sts: new STSClient(options),
  }
}
