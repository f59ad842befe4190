import type { ImageFacts } from './image-facts.ts'

/** Why nothing can be launched from an image or a launch template, or why nobody can tell. */
export type Hindrance = { readonly type: 'cannot' | 'unchecked'; readonly why: string }

/** A launch template's version, as far as it is there. */
export type TemplateFacts =
  | { readonly type: 'version'; readonly image: string | undefined }
  /** The template is there, that version of it is not. */
  | { readonly type: 'no version' }
  | { readonly type: 'no template' }

/** What is known of the key that an encrypted snapshot needs. */
export type KeyFacts =
  | { readonly type: 'known'; readonly key: string; readonly state: string }
  | { readonly type: 'unknown'; readonly why: string }

/** KMS's word for a key that is not there any more is an error; this is ours. */
export const keyGone = 'gone'

/** Whether instances could be launched from an image: it is there, ours to use, and its volumes can be decrypted. */
export function imageHindrances(
  id: string,
  image: ImageFacts | undefined,
  keyOf: (snapshot: string) => KeyFacts,
): readonly Hindrance[] {
  if (image === undefined)
    return [{ type: 'cannot', why: `its image ${id} was deregistered, or is not shared with this account any more` }]
  if (image.state !== 'available') return [{ type: 'cannot', why: `its image ${id} is ${image.state}` }]
  return (image.encrypted ?? []).flatMap((snapshot): Hindrance[] => {
    const facts = keyOf(snapshot)
    if (facts.type === 'unknown') return [{ type: 'unchecked', why: `the key of its image ${id}: ${facts.why}` }]
    // https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    if (facts.state === 'Enabled') return []
    if (['Creating', 'Updating'].includes(facts.state))
      return [{ type: 'unchecked', why: `the key ${facts.key} of its image ${id} is just ${facts.state}` }]
    return [
      { type: 'cannot', why: `its image ${id} cannot be decrypted: the key ${facts.key} is ${inWords(facts.state)}` },
    ]
  })
}

/** `PendingDeletion` as people say it. */
const inWords = (state: string): string => state.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()

export const templateHindrances = (id: string, version: string, facts: TemplateFacts): readonly Hindrance[] => {
  switch (facts.type) {
    case 'no template':
      return [{ type: 'cannot', why: `its launch template ${id} was deleted` }]
    case 'no version':
      return [{ type: 'cannot', why: `version ${version} of its launch template ${id} was deleted` }]
    case 'version':
      return facts.image === undefined
        ? [{ type: 'cannot', why: `version ${version} of its launch template ${id} names no image` }]
        : []
  }
}

export const certain = (hindrances: readonly Hindrance[]): readonly string[] =>
  hindrances.flatMap(({ type, why }) => (type === 'cannot' ? [why] : []))

export const uncertain = (hindrances: readonly Hindrance[]): readonly string[] =>
  hindrances.flatMap(({ type, why }) => (type === 'unchecked' ? [why] : []))
