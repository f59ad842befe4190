import { isOfOne, isRigletError } from '../core/errors.ts'

export type Answered<Answer> =
  { readonly type: 'answered'; readonly answer: Answer } | { readonly type: 'refused'; readonly why: string }

/**
 * What AWS answers to one question of many, or why it refused this one: a refusal must not hide what the others found.
 * Whatever stands in the way of all questions, such as credentials, is thrown as ever.
 */
export async function orWhy<Answer>(question: Promise<Answer>): Promise<Answered<Answer>> {
  try {
    return { type: 'answered', answer: await question }
  } catch (error) {
    if (isRigletError(error, 'ACCESS_DENIED', 'AWS_REFUSED', 'THROTTLED'))
      return { type: 'refused', why: error.message }
    throw error
  }
}

/**
 * The same where each is asked of another place, with credentials of its own: whatever keeps one from answering is said of that
 * place. Ctrl-C, a clock that is wrong, and bugs, end it all.
 */
export async function orUnchecked<Answer>(
  asked: Promise<Answer>,
): Promise<Answer | { readonly type: 'unchecked'; readonly why: string }> {
  try {
    return await asked
  } catch (error) {
    if (!isOfOne(error)) throw error
    return { type: 'unchecked', why: error.message }
  }
}

/** Waits until all have ended, as what one leaves behind is seen to there; only then throws what the first of them threw. */
export async function settleAll<Answer>(work: readonly Promise<Answer>[]): Promise<readonly Answer[]> {
  const ended = await Promise.allSettled(work)
  const thrown = ended.find(({ status }) => status === 'rejected')
  if (thrown?.status === 'rejected') throw thrown.reason
  return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}
