import { fakeAccount, fakeFiles, fakePorts, type FakeAccount, type FakeRegion } from '../../../fakes/regional.ts'
import { settings, templates } from '../../../fakes/riglet.ts'
import type { FakeTerminal } from '../../../fakes/terminal.ts'

const { ENV: _, ...rest } = settings
/** What was set of a riglet before anything of it is there. */
export const given = rest

export const world = (
  region: FakeRegion,
  terminal: FakeTerminal,
  account: FakeAccount = {},
  content: Record<string, string> = {},
) => {
  const files = fakeFiles({ ...templates, ...content })
  return { files, ports: fakePorts(terminal, region, { files, account: fakeAccount(account) }) }
}
