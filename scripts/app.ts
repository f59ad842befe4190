import { main, verb } from './main.ts'

const needed = ['OWNER', 'PROJECT', 'REGION', 'ENV', 'REPO', 'BRANCH'] as const
const actions = () => import('./actions/app/app.ts')
const guards = () => import('./engine/protect.ts')
const shows = () => import('./engine/show-target.ts')

await main('app', {
  create: verb(needed, async (settings, ports) => (await actions()).changeApp('create', settings, ports)),
  update: verb(needed, async (settings, ports) => (await actions()).changeApp('update', settings, ports)),
  plan: verb(needed, async (settings, ports) => (await actions()).planApp(settings, ports)),
  status: verb(needed, async (settings, ports) =>
    (await shows()).showStatus((await actions()).appTarget(settings), settings, ports),
  ),
  outputs: verb(needed, async (settings, ports) =>
    (await shows()).showOutputs((await actions()).appTarget(settings), settings, ports),
  ),
  rollback: verb(needed, async (settings, ports) =>
    (await import('./actions/rollback/rollback-app.ts')).rollbackApp(settings, ports),
  ),
  recover: verb(needed, async (settings, ports) =>
    (await import('./actions/recover/recover.ts')).recoverApp(settings, ports),
  ),
  await: verb(needed, async (settings, ports) =>
    (await import('./actions/app/await-app.ts')).awaitApp(settings, ports),
  ),
  protect: verb(needed, async (settings, ports) =>
    (await guards()).protectTarget((await actions()).appTarget(settings), ports),
  ),
  unprotect: verb(needed, async (settings, ports) =>
    (await guards()).unprotectTarget((await actions()).appTarget(settings), settings.NAME, ports),
  ),
  delete: verb(needed, async (settings, ports) => (await actions()).deleteApp(settings, ports)),
})
