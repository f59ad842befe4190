import { main, verb } from './main.ts'

const needed = ['OWNER', 'PROJECT', 'REGION', 'REPO', 'BRANCH'] as const
const actions = () => import('./actions/pipeline/pipeline.ts')
const shows = () => import('./engine/show-target.ts')

await main('pipeline', {
  create: verb(needed, async (settings, ports) => (await actions()).changePipeline('create', settings, ports)),
  update: verb(needed, async (settings, ports) => (await actions()).changePipeline('update', settings, ports)),
  plan: verb(needed, async (settings, ports) => (await actions()).planPipeline(settings, ports)),
  status: verb(needed, async (settings, ports) =>
    (await shows()).showStatus((await actions()).pipelineTarget(settings), settings, ports),
  ),
  outputs: verb(needed, async (settings, ports) =>
    (await shows()).showOutputs((await actions()).pipelineTarget(settings), settings, ports),
  ),
  recover: verb(needed, async (settings, ports) =>
    (await import('./actions/recover/recover.ts')).recoverPipeline(settings, ports),
  ),
  delete: verb(needed, async (settings, ports) => (await actions()).deletePipeline(settings, ports)),
  watch: verb(needed, async (settings, ports) =>
    (await import('./actions/pipeline/watch-pipeline.ts')).watchPipeline(settings, ports),
  ),
  history: verb(needed, async (settings, ports) =>
    (await import('./actions/pipeline/show-history.ts')).showHistory(settings, ports),
  ),
  freeze: verb([...needed, 'ENV', 'UNTIL', 'REASON'], async (settings, ports) =>
    (await import('./actions/pipeline/freeze-pipeline.ts')).freezePipeline(settings, ports),
  ),
  thaw: verb([...needed, 'ENV'], async (settings, ports) =>
    (await import('./actions/pipeline/freeze-pipeline.ts')).thawPipeline(settings, ports),
  ),
  retry: verb(needed, async (settings, ports) =>
    (await import('./actions/pipeline/retry-pipeline.ts')).retryPipeline(settings, ports),
  ),
})
