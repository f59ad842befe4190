import { BatchGetBuildsCommand, CreateProjectCommand, StartBuildCommand, type Build } from '@aws-sdk/client-codebuild'
import type { Ground } from './ground.ts'
import { until } from './until.ts'

export type Project = {
  readonly name: string
  /** In JSON, which is YAML; without its version. */
  readonly buildspec: object
  readonly serviceRole: string
  /** `BUCKET/KEY` of what it builds, if anything. */
  readonly source?: string
}

/** A project of CodeBuild; returns its name. */
export async function makeProject({ aws }: Ground, { name, serviceRole, source, ...spec }: Project): Promise<string> {
  const buildspec = JSON.stringify({ version: 0.2, ...spec.buildspec })
  await aws.codebuild.send(
    new CreateProjectCommand({
      name,
      source: source === undefined ? { type: 'NO_SOURCE', buildspec } : { type: 'S3', location: source, buildspec },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        image: 'aws/codebuild/standard:7.0',
        computeType: 'BUILD_GENERAL1_SMALL',
      },
      serviceRole,
    }),
  )
  return name
}

/** Starts a build and returns its id. */
export async function startBuild(
  { aws }: Ground,
  projectName: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const environmentVariablesOverride = Object.entries(variables).map(([name, value]) => ({ name, value }))
  return (await aws.codebuild.send(new StartBuildCommand({ projectName, environmentVariablesOverride }))).build!.id!
}

/** A build once it is over, however it ended. */
export const endOf = ({ aws }: Ground, id: string): Promise<Build> =>
  until(
    async () => (await aws.codebuild.send(new BatchGetBuildsCommand({ ids: [id] }))).builds![0]!,
    ({ buildComplete }) => buildComplete === true,
  )
