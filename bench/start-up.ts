import { existsSync } from 'node:fs'
import { timed, type Timing } from './commands.ts'

/** What a user waits for before anything happens; all in one run, so that they compare. */
export function startUp(): readonly (readonly [string, Timing])[] {
  const runs = 11
  return [
    ['`make help`', timed(['make', 'help'], runs)],
    ['`make setup`, all there', timed(['make', 'setup'], runs)],
    ['`make setup-all`, all there', timed(['make', 'setup-all'], runs)],
    ["`node -e 0` (the machine's)", timed([machineNode(), '-e', '0'], runs)],
    ['`node -e 0` (the pinned one)', timed(['node', '-e', '0'], runs)],
    // Without a verb it reads its settings, says what it can do, and ends: all that comes before the first call.
    [
      'a script of riglet, up to its first call',
      timed(['node', 'scripts/riglet.ts', 'environment'], runs, { code: 2 }),
    ],
    ['`aws --version`', timed(['aws', '--version'], runs)],
  ]
}

/** The first node on the PATH that is not the project's own. */
const machineNode = (): string => {
  const folders = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'))
  return `${folders.find((folder) => existsSync(`${folder}/node`)) ?? '/usr/bin'}/node`
}
