import { approve, reject, showApproval } from './actions/approval/answer-approval.ts'
import { guard } from './actions/approval/guard.ts'
import { makePacket } from './actions/approval/make-packet.ts'
import { main, verb } from './main.ts'

const person = ['OWNER', 'PROJECT', 'REGION', 'REPO', 'BRANCH'] as const
const job = [...person, 'ENV', 'ARTIFACTS_BUCKET'] as const

await main('approval', {
  show: verb(person, showApproval),
  approve: verb([...person, 'DIGEST'], approve),
  reject: verb([...person, 'REASON'], reject),
  packet: verb([...job, 'EXECUTION_ID'], makePacket),
  guard: verb([...job, 'DIGEST', 'EXECUTION_ID'], guard),
})
