import { main, verb } from './main.ts'

const needed = ['OWNER', 'PROJECT', 'REGION', 'ENV'] as const
const actions = () => import('./actions/environment/environment.ts')
const guards = () => import('./engine/protect.ts')
const shows = () => import('./engine/show-target.ts')

await main('environment', {
  create: verb(needed, async (settings, ports) => (await actions()).changeEnvironment('create', settings, ports)),
  update: verb(needed, async (settings, ports) => (await actions()).changeEnvironment('update', settings, ports)),
  plan: verb(needed, async (settings, ports) => (await actions()).planEnvironment(settings, ports)),
  status: verb(needed, async (settings, ports) =>
    (await shows()).showStatus((await actions()).environmentTarget(settings), settings, ports),
  ),
  outputs: verb(needed, async (settings, ports) =>
    (await shows()).showOutputs((await actions()).environmentTarget(settings), settings, ports),
  ),
  protect: verb(needed, async (settings, ports) =>
    (await guards()).protectTarget((await actions()).environmentTarget(settings), ports),
  ),
  unprotect: verb(needed, async (settings, ports) =>
    (await guards()).unprotectTarget((await actions()).environmentTarget(settings), settings.NAME, ports),
  ),
  recover: verb(needed, async (settings, ports) =>
    (await import('./actions/recover/recover.ts')).recoverEnvironment(settings, ports),
  ),
  delete: verb(needed, async (settings, ports) => (await actions()).deleteEnvironment(settings, ports)),
})
