import { showStatus } from './actions/show-status.ts'
import { main, verb } from './main.ts'

await main('status', { show: verb(['OWNER', 'PROJECT', 'REGION'], showStatus) })
