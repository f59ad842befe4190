import { appName, sourceKey, stackName, type Riglet, type Source } from '../names.ts'
import { owned } from './layer.ts'

/** Which pipeline a stack is of, as parameters. */
export const ofSource = (riglet: Riglet, source: Source) => ({
  ...owned(riglet),
  Repo: source.repo,
  Branch: source.branch,
  App: appName(source),
  Artifacts: stackName.artifacts(riglet),
  SourceKey: sourceKey(source),
})
