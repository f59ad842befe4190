import { freezeWords } from '../core/approval/freeze.ts'
import { shortDigest } from '../core/approval/packet.ts'
import { describeControl } from '../core/pipeline/control.ts'
import { rollbackWords } from '../core/rollback/record.ts'
import { wrap } from './text.ts'
import type {
  AppStatus,
  ControlStatus,
  EnvironmentStatus,
  PipelineStatus,
  RigletStatus,
} from '../core/riglet/status.ts'

/** The riglet at a glance: which image runs where, what the pipeline does, what waits for a person. */
export const renderStatus = (status: RigletStatus): string =>
  [
    `${status.riglet}  ${status.region}`,
    '',
    ...status.environments.flatMap(environment),
    ...(status.pipelines.length === 0 ? ['', 'no pipeline yet: make create-pipeline REPO=... BRANCH=...'] : []),
    ...status.pipelines.flatMap(pipeline),
  ].join('\n')

const words = (status: string): string => (status === 'absent' ? 'absent' : status.toLowerCase().replaceAll('_', ' '))

const environment = ({ name, foundation, apps }: EnvironmentStatus): string[] => [
  `${name.padEnd(12)} foundation  ${words(foundation)}`,
  ...(apps.length === 0 && foundation !== 'absent' ? [`${''.padEnd(12)} no app yet`] : apps.flatMap(app)),
]

/** Marked at the line's beginning, where nobody overlooks it. */
const note = (mark: string, words: string): string[] =>
  wrap(words, 55).map((line, index) => `${(index === 0 ? mark : '').padEnd(24)} ${line}`)

const app = (found: AppStatus): string[] => [
  `${''.padEnd(12)} app         ${words(found.status)}, ${found.healthy} of ${found.desired} healthy`,
  `${''.padEnd(24)} ${found.image.id}  version ${found.image.version || '?'}  commit ${found.image.commit.slice(0, 7) || '?'}`,
  ...(found.rolledBack === undefined ? [] : note('!', `taken back ${rollbackWords(found.rolledBack)}`)),
  ...(found.revoked === undefined ? [] : note('!', `runs a revoked image: ${found.revoked}`)),
  ...found.cannotReplace.flatMap((why) => note('!', `can replace no instance: ${why}`)),
  ...found.unchecked.flatMap((why) => note('?', `not checked: ${why}`)),
  ...(found.url === '' ? [] : [`${''.padEnd(24)} ${found.url}`]),
]

const comparisons: Readonly<Record<ControlStatus['here'], string>> = {
  same: ', as this checkout',
  newer: '; this checkout is newer: make update-pipeline',
  older: '; this checkout is older',
  other: '; this checkout has another: make plan-pipeline',
  uncommitted: '; this checkout has changes that are not committed',
  unknown: '',
}

/** Beside the pipeline's name, at whose beginning nobody overlooks a mark. */
const aside = (mark: string, words: string): string[] =>
  wrap(words, 67).map((line, index) => `${(index === 0 ? mark : '').padEnd(12)} ${line}`)

const pipeline = ({ name, execution, stages, approval, barred, ...governed }: PipelineStatus): string[] => [
  '',
  `pipeline     ${name}`,
  execution === null
    ? `${''.padEnd(12)} nothing pushed yet: make push`
    : `${''.padEnd(12)} ${execution.id.slice(0, 8)} ${words(execution.status)}  ${execution.revision.slice(0, 40)}`,
  ...stages.map(
    (stage) =>
      `${''.padEnd(12)} ${stage.name} ${words(stage.status)}` +
      (stage.execution === execution?.id ? '' : `, of ${stage.execution.slice(0, 8)} before`),
  ),
  ...governed.frozen.flatMap((freeze) => aside('!', `${freeze.environment} is FROZEN ${freezeWords(freeze)}`)),
  ...governed.unchecked.flatMap((why) => aside('?', `not checked whether it is frozen: ${why}`)),
  ...barred.map(({ stage, reason }) => `${''.padEnd(12)} ${stage} is barred: ${reason}`),
  ...(approval === null
    ? []
    : [`${''.padEnd(12)} WAITS FOR APPROVAL  digest ${shortDigest(approval.digest)}: make show-approval`]),
  ...(governed.control === null ? [] : aside('', judgedBy(governed.control))),
]

const judgedBy = (control: ControlStatus): string =>
  `its jobs run riglet ${describeControl(control)}${comparisons[control.here]}`
