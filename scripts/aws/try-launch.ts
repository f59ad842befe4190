import type { EC2Client } from '@aws-sdk/client-ec2'
import { isRigletError } from '../core/errors.ts'
import type { Launch, LaunchAnswer } from '../core/ports/fleet.ts'
import { awsCode, awsMessage } from './client/failures.ts'

/**
 * A dry run: EC2 checks the right to launch, and the request, and answers with an error that means success. It asks neither the
 * key of an encrypted volume nor whether there is room.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
 * What the launch template says of the machine is repeated, and the template is not named: it would bring its instance profile
 * along, which only who may pass that role may ask for.
 * @throws RigletError ACCESS_DENIED when the caller may not launch: that says nothing about the image
 */
export async function tryLaunch(
  { launchTemplate: { id: LaunchTemplateId, version }, image: ImageId, subnet: SubnetId }: Launch,
  client: Pick<EC2Client, 'send'>,
): Promise<LaunchAnswer> {
  const { DescribeLaunchTemplateVersionsCommand, RunInstancesCommand } = await import('@aws-sdk/client-ec2')
  try {
    const { LaunchTemplateVersions: [found] = [] } = await client.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [version] }),
    )
    const { InstanceType, SecurityGroupIds, MetadataOptions } = found?.LaunchTemplateData ?? {}
    const { HttpTokens, HttpEndpoint, HttpPutResponseHopLimit } = MetadataOptions ?? {}
    const machine = {
      InstanceType,
      SecurityGroupIds,
      MetadataOptions: { HttpTokens, HttpEndpoint, HttpPutResponseHopLimit },
    }
    const once = { DryRun: true, MinCount: 1, MaxCount: 1 }
    await client.send(new RunInstancesCommand({ ...once, ...machine, ImageId, SubnetId }))
  } catch (error) {
    const code = awsCode(error)
    if (code === 'DryRunOperation') return { type: 'would launch' }
    if (isRigletError(error, 'AWS_REFUSED') && /^(?:Invalid|Unsupported|Missing)/.test(code ?? ''))
      return { type: 'would not', why: awsMessage(error) }
    throw error
  }
  throw new Error('a dry run of RunInstances ended without an error')
}
