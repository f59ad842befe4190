import { main, verb } from './main.ts'

const needed = ['OWNER', 'PROJECT', 'REGION', 'REPO', 'BRANCH'] as const

await main('image', {
  bake: verb(needed, async (settings, ports) => {
    const { bakeVerb } = await import('./actions/image/image-verbs.ts')
    await bakeVerb(settings, ports)
  }),
  verify: verb(needed, async (settings, ports) => {
    const { verifyVerb } = await import('./actions/image/image-verbs.ts')
    await verifyVerb(settings, ports)
  }),
  configure: verb([...needed, 'IMAGE_ID'], async (settings, ports) => {
    const { configure } = await import('./actions/app/configure.ts')
    await configure(settings, ports)
  }),
  smoke: verb([...needed, 'ENV'], async (settings, ports) => {
    const { smokeVerb } = await import('./actions/app/smoke-verb.ts')
    await smokeVerb(settings, ports)
  }),
  sweep: verb(needed, async (settings, ports) => {
    const { sweepAll } = await import('./actions/image/sweep-builders.ts')
    await sweepAll(settings, ports)
  }),
})
