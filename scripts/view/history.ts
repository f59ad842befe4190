import { shortDigest } from '../core/approval/packet.ts'
import { nameIn } from '../core/approval/person.ts'
import { describeControl } from '../core/pipeline/control.ts'
import type { Answer, Past, PastStage } from '../core/pipeline/history.ts'
import type { PastRollback } from '../core/rollback/record.ts'
import { duration, wrap } from './text.ts'

const width = 80
const indent = 12

/** What was pushed, who stands behind it and how it ended, and what a person took back meanwhile; the newest first. */
export const renderHistory = (pipeline: string, past: readonly Past[], rollbacks: readonly PastRollback[]): string =>
  [
    pipeline,
    ...(past.length === 0 ? ['', 'It has not run yet: make push'] : []),
    ...[
      ...past.map((one) => ({ time: one.started, lines: story(one) })),
      ...rollbacks.map((one) => ({ time: one.at, lines: wayBack(one) })),
    ]
      .sort((one, other) => Date.parse(other.time) - Date.parse(one.time))
      .flatMap(({ lines }) => ['', ...lines]),
  ].join('\n')

/** 2026-11-30 12:40Z */
const moment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`

function story(past: Past): string[] {
  const { execution, status, started, ended, type, control } = past
  const took = ended === null ? '' : ` after ${duration(Date.parse(ended) - Date.parse(started))}`
  const what = type === 'ROLLBACK' ? ', a roll-back' : ''
  return [
    `${execution.slice(0, 8)}  ${moment(started)}  ${status === 'InProgress' ? 'in progress' : status.toUpperCase()}${took}${what}`,
    ...field('commit', past.commit === '' ? '' : `${past.commit.slice(0, 7)} ${past.message}`),
    ...field('by', [past.author, past.pusher && `pushed by ${nameIn(past.pusher)}`].filter(Boolean).join(', ')),
    ...field('image', [past.image, past.version && `version ${past.version}`].filter(Boolean).join(', ')),
    ...field('stages', past.stages.map(stage).join(', ')),
    ...past.answers.flatMap((one) => field(one.approved ? 'approved' : 'refused', answer(one))),
    ...field('judged by', control === null ? '' : `riglet ${describeControl(control)}`),
  ]
}

const wayBack = ({ environment, at, image, version = '', by, reason, ...before }: PastRollback): string[] => [
  `rollback  ${moment(at)}  ${environment.toUpperCase()} TAKEN BACK by a person`,
  ...field('image', [image, ...known('version', version)].join(', ')),
  ...field(
    'before',
    [before.from, ...known('version', before.fromVersion), ...known('commit', before.fromCommit.slice(0, 7))].join(
      ', ',
    ),
  ),
  ...field('by', by && nameIn(by)),
  ...field('reason', reason),
]

const known = (what: string, value: string): string[] =>
  value === '' || value === 'unknown' ? [] : [`${what} ${value}`]

/** What is not known takes no line. */
const field = (name: string, text: string): string[] =>
  text === ''
    ? []
    : wrap(text, width - indent).flatMap((line, index) =>
        pieces(line).map((piece, part) => `  ${(index + part === 0 ? name : '').padEnd(indent - 2)}${piece}`),
      )

/** A word longer than a line goes on in the next. */
const pieces = (line: string): string[] => line.match(new RegExp(`.{1,${width - indent}}`, 'gsu')) ?? []

const stage = ({ name, result, action, tries }: PastStage): string => {
  const words = {
    ok: 'ok',
    skipped: 'skipped',
    failed: `FAILED at ${action}`,
    running: `runs ${action}`,
    waiting: `waits at ${action}`,
    stopped: `stopped at ${action}`,
  }[result]
  return `${name} ${words}${tries > 1 ? ` (try ${tries})` : ''}`
}

const answer = ({ by, at, digest, words, approved }: Answer): string =>
  [
    `by ${by === '' ? 'nobody knows whom' : nameIn(by)}, ${moment(at)}`,
    digest === '' ? '' : `, digest ${shortDigest(digest)}`,
    approved && digest !== '' ? '' : `: ${words || 'without a word'}`,
  ].join('')
