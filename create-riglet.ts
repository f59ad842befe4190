import { main, verb } from './scripts/main.ts'

await main(
  'create-riglet',
  verb([], async (settings, ports) => {
    const { createRiglet } = await import('./scripts/actions/riglet/create-riglet.ts')
    return createRiglet(settings, ports)
  }),
)
