import { jsonIfAny, withTexts } from '../json.ts'
import type { Answer } from './answer.ts'

/** What an app says of itself at /identity.json. */
export type Identity = { readonly version: string; readonly commit: string; readonly imageId: string }

export type Expected = { readonly imageId: string; readonly version?: string | undefined }

export type Sight =
  | { readonly type: 'right'; readonly identity: Identity }
  /** `settled`: an app that works answers, but it is another one; waiting will hardly change that. */
  | { readonly type: 'wrong'; readonly words: string; readonly settled?: true }

/** Whether an answer comes from the image that was deployed, else what it was instead, in words. */
export function judge(answer: Answer, expected: Expected): Sight {
  if (answer.type === 'silence') return { type: 'wrong', words: `no answer (${answer.why})` }
  if (answer.status !== 200) return { type: 'wrong', words: `HTTP ${answer.status}` }
  const identity = parse(answer.body)
  if (identity === undefined)
    return { type: 'wrong', words: `HTTP 200 with something else: ${answer.body.slice(0, 60).replaceAll(/\s+/g, ' ')}` }
  const right = identity.imageId === expected.imageId && (expected.version ?? identity.version) === identity.version
  return right
    ? { type: 'right', identity }
    : { type: 'wrong', words: `version ${identity.version} of ${identity.imageId}`, settled: true }
}

const shape = withTexts('version', 'commit', 'imageId')

function parse(body: string): Identity | undefined {
  const said = jsonIfAny(body)
  return shape.is(said) ? { version: said.version, commit: said.commit, imageId: said.imageId } : undefined
}
