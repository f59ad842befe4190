import { main, verb } from './main.ts'

await main('settings', {
  check: verb(['OWNER', 'PROJECT', 'REGION'], async (settings, ports) => {
    const { checkSettings } = await import('./actions/riglet/check-settings.ts')
    await checkSettings(settings, ports)
  }),
})
