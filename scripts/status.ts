import { showStatus } from './actions/riglet/show-status.ts'
import { main, verb } from './main.ts'

await main('status', { show: verb(['OWNER', 'PROJECT', 'REGION'], showStatus) })
