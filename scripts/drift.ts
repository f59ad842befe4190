import { showDrift } from './actions/drift/show-drift.ts'
import { main, verb } from './main.ts'

await main('drift', { show: verb(['OWNER', 'PROJECT', 'REGION'], showDrift) })
