import { needsRole } from '../../core/access/target.ts'
import { targetIn } from '../../core/distribution/place.ts'
import { exitCodes, isOfOne } from '../../core/errors.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { rigletOf, wantsJson, type Settings } from '../../core/settings/settings.ts'
import { desiredAccounts, type DesiredAccount } from '../../core/share/account-stack.ts'
import { noAccounts } from '../../core/share/errors.ts'
import { accountsAsData, renderAccounts, type Answer } from '../../view/distribution/accounts.ts'
import { desiredImages } from '../distribution/read-manifests.ts'

/**
 * `make accounts`: what each account of images.yaml has to deploy, and whether its role answers, all at once (A06). It asks for
 * nothing but a session of each role, and who it is.
 * @throws RigletError NOT_FOUND | FILE
 */
export async function showAccounts(
  settings: Settings<'OWNER' | 'PROJECT' | 'REGION'>,
  ports: Pick<Ports, 'account' | 'at' | 'files' | 'terminal'>,
): Promise<number> {
  const desired = await desiredImages(ports)
  if (Object.keys(desired.accounts).length === 0) throw noAccounts()
  const [account, caller] = await Promise.all([ports.account.id(), ports.account.caller()])
  const home = { riglet: rigletOf(settings), account, caller, region: settings.REGION }
  const answers = await Promise.all(
    desiredAccounts(desired, home).map(async (one): Promise<Answer> => ({ ...one, ...(await ask(one, home, ports)) })),
  )
  const { terminal } = ports
  terminal.show(
    wantsJson(settings)
      ? JSON.stringify(accountsAsData(answers), null, 2)
      : renderAccounts(answers, terminal).join('\n'),
  )
  const open = answers.some(({ state, missing }) => !['answers', 'no role'].includes(state) || missing.length > 0)
  return open ? exitCodes.failed : exitCodes.ok
}

async function ask(
  { account }: DesiredAccount,
  { region }: { readonly region: string },
  { at }: Pick<Ports, 'at'>,
): Promise<Pick<Answer, 'state' | 'why' | 'remedy'>> {
  const target = targetIn(account, account.regions?.[0] ?? region)
  if (!needsRole(target)) return { state: 'no role' }
  try {
    await at(target).account.caller()
    return { state: 'answers' }
  } catch (error) {
    if (!isOfOne(error)) throw error
    const state = error.code === 'ACCESS_DENIED' ? 'refused' : 'unchecked'
    return { state, why: error.message, remedy: error.remedy }
  }
}
