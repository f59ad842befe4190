import type { Ports } from './core/ports/ports.ts'
import type { SettingName, Settings } from './core/settings/settings.ts'
import type { Subject } from './core/subject.ts'
import { verb } from './main.ts'

/** What a noun says for itself; all else that is done with its stacks is the same for every noun. */
type Noun<Needed extends SettingName> = {
  readonly subject: (settings: Settings<Needed>) => Subject
  readonly change: (purpose: 'create' | 'update', settings: Settings<Needed>, ports: Ports) => Promise<number>
  readonly plan: (settings: Settings<Needed>, ports: Ports) => Promise<void>
  readonly delete: (settings: Settings<Needed>, ports: Ports) => Promise<number>
}

const protection = () => import('./engine/protect.ts')
const shows = () => import('./engine/show-subject.ts')

type Recover<Needed extends SettingName> = (settings: Settings<Needed>, ports: Ports) => Promise<number>

/** What can be done with the stacks of any noun; each story is loaded when it is asked for. */
export const stackVerbs = <Needed extends SettingName>(
  needed: readonly Needed[],
  noun: () => Promise<Noun<Needed>>,
  recover: () => Promise<Recover<Needed>>,
) => ({
  create: verb(needed, async (settings, ports) => (await noun()).change('create', settings, ports)),
  update: verb(needed, async (settings, ports) => (await noun()).change('update', settings, ports)),
  plan: verb(needed, async (settings, ports) => (await noun()).plan(settings, ports)),
  status: verb(needed, async (settings, ports) =>
    (await shows()).showStatus((await noun()).subject(settings), settings, ports),
  ),
  outputs: verb(needed, async (settings, ports) =>
    (await shows()).showOutputs((await noun()).subject(settings), settings, ports),
  ),
  protect: verb(needed, async (settings, ports) =>
    (await protection()).protectSubject((await noun()).subject(settings), ports),
  ),
  unprotect: verb(needed, async (settings, ports) =>
    (await protection()).unprotectSubject((await noun()).subject(settings), settings.NAME, ports),
  ),
  recover: verb(needed, async (settings, ports) => (await recover())(settings, ports)),
  delete: verb(needed, async (settings, ports) => (await noun()).delete(settings, ports)),
})
