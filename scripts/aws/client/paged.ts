import { RigletError } from '../../core/errors.ts'

/** A page names the next one in a field of its own, or is the last. */
type Page<Field extends string> = { readonly [field in Field]?: string | undefined }

/**
 * Page after page of an answer, each asked for with the token that the page before it named; undefined asks for the first.
 * No page is asked for before it is wanted, so leaving the loop ends it. `field`: where a page names the next one.
 *
 * The SDK's own paginators take only its whole client, and neither tell nor survive a token that comes back: they read the
 * same pages for ever, or with `stopOnSameToken` pass for whole what is not. The AWS CLI gives up there, too.
 * @throws RigletError AWS_REFUSED when a page leads back to one that was read
 */
export async function* pagesOf<Answer extends Page<Field>, Field extends string = 'NextToken'>(
  ask: (token: string | undefined) => Promise<Answer>,
  field: Field = 'NextToken' as Field,
): AsyncGenerator<Answer, void> {
  const used = new Set<string>()
  for (let token: string | undefined; ;) {
    const page = await ask(token)
    yield page
    token = page[field]
    // Some services end with an empty token instead of none.
    if (!token) return
    if (used.has(token)) throw circle(field, token)
    used.add(token)
  }
}

const circle = (field: string, token: string): RigletError =>
  new RigletError(
    'AWS_REFUSED',
    `AWS answers in a circle: ${field} came twice (${token}), so the rest of the answer cannot be read`,
    'Run it again; if it stays, ask AWS Support.',
  )

/**
 * What stands on all pages. Of each page no more is kept than `itemsOf` answers of it before the next one is asked for: take from
 * it there what is needed, so that of long answers no more than a page is held as it came.
 */
export async function listAll<Answer extends Page<Field>, Item, Field extends string = 'NextToken'>(
  ask: (token: string | undefined) => Promise<Answer>,
  itemsOf: (page: Answer) => readonly Item[] | undefined,
  field?: Field,
): Promise<Item[]> {
  const items: Item[] = []
  for await (const page of pagesOf(ask, field)) for (const item of itemsOf(page) ?? []) items.push(item)
  return items
}
