import { pushSource } from './actions/pipeline/push-source.ts'
import { main, verb } from './main.ts'

await main('source', { push: verb(['OWNER', 'PROJECT', 'REGION', 'REPO', 'BRANCH'], pushSource) })
