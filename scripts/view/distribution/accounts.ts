import { deployCommand, type DesiredAccount } from '../../core/share/account-stack.ts'
import { paint, wrap } from '../text.ts'

/** An account, and whether the role there let us in. */
export type Answer = DesiredAccount & {
  readonly state: 'answers' | 'refused' | 'unchecked' | 'no role'
  readonly why?: string
  readonly remedy?: string
}

const purposes = {
  publishes: 'publishes images',
  consumes: 'images are shared with it',
  named: 'needs no role for what images.yaml says',
} as const

const hints = {
  externalId: 'externalId: a word that only the two of you use, such as the riglet and the name of the account',
  trusted: "trusted, beside accounts: the names of the roles in the riglet's account that run riglet",
} as const

/** What each account is for, whether its role answers, and the command that makes that role. */
export const renderAccounts = (
  answers: readonly Answer[],
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): string[] =>
  answers.flatMap((one, index) => {
    const { name, account, purpose, state, why, remedy = '', missing, stack } = one
    const told = (text: string): string[] => wrap(text, columns - 5).map((part) => `    ${part}`)
    const loud = (lines: readonly string[]): string[] => lines.map((line) => paint(line, 'danger', colour))
    const role = account.role === undefined ? 'no role' : `${account.role} ${state}`
    return [
      ...(index === 0 ? [] : ['']),
      `${name}  ${account.account}  ${purposes[purpose]}  ${role}`,
      ...(why === undefined ? [] : loud(told(why))),
      ...(remedy === '' ? [] : remedy.split('\n').flatMap(told)),
      ...missing.flatMap((key) => told(`images.yaml does not say ${hints[key]}`)),
      // In one line: it is copied, and run by somebody else.
      ...(stack === undefined ? [] : [`  ${deployCommand(stack)}`]),
    ]
  })

/** The same as data. */
export const accountsAsData = (answers: readonly Answer[]) => ({
  accounts: answers.map(({ name, account, purpose, state, why, remedy, missing, stack }) => ({
    name,
    account: account.account,
    purpose,
    role: account.role ?? null,
    state,
    why: why ?? null,
    remedy: remedy || null,
    missing,
    stack: stack?.name ?? null,
    command: stack === undefined ? null : deployCommand(stack),
  })),
})
