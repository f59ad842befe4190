import { lazyClient, type ClientOptions } from '../client/clients.ts'
import { awsCode } from '../client/failures.ts'

/**
 * Asks the builds of these projects to stop; answers how many have not ended yet. A hundred of each, the newest, are looked
 * at: none runs longer than eight hours. https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html
 */
export async function stopBuilds(projects: readonly string[], options: ClientOptions): Promise<number> {
  if (projects.length === 0) return 0
  const { CodeBuildClient, BatchGetBuildsCommand, ListBuildsForProjectCommand, StopBuildCommand } =
    await import('@aws-sdk/client-codebuild')
  const client = lazyClient(async () => CodeBuildClient, options)
  const idsOf = async (projectName: string): Promise<string[]> => {
    try {
      const { ids = [] } = await client.send(new ListBuildsForProjectCommand({ projectName, sortOrder: 'DESCENDING' }))
      return ids.slice(0, 100)
    } catch (error) {
      // A project that is gone has nothing to stop.
      if (awsCode(error) === 'ResourceNotFoundException') return []
      throw error
    }
  }
  let running = 0
  for (const project of projects) {
    const ids = await idsOf(project)
    if (ids.length === 0) continue
    const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids }))
    for (const { id, buildStatus, buildComplete } of builds) {
      if (buildComplete === true) continue
      running += 1
      if (buildStatus === 'IN_PROGRESS') await client.send(new StopBuildCommand({ id }))
    }
  }
  return running
}
