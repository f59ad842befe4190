import { main, verb } from './scripts/main.ts'

await main(
  'delete-riglet',
  verb(['OWNER', 'PROJECT', 'REGION'], async (settings, ports) => {
    const { deleteRiglet } = await import('./scripts/actions/riglet/delete-riglet.ts')
    await deleteRiglet(settings, ports)
  }),
)
