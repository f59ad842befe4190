import { RigletError } from '../scripts/core/errors.ts'
import { gitEnvironment, gitWords } from '../scripts/core/source/git.ts'
import type { Ports } from '../scripts/core/ports/ports.ts'

/** Where a demo keeps what it makes: a folder for each rehearsal, so that two of them go on side by side. */
export const folderOf = (rehearsal: string): string => `.state/${rehearsal}`
export const demoFolder = folderOf(process.env['REHEARSAL'] || 'demo')

/** Where the demo's own repository lies: a copy, so that its commits never reach yours. */
export const demoSource = `${demoFolder}/source`

/** Made by `make setup`; the copy borrows them. */
const borrowed = ['node_modules', '.tools']

type Tools = Pick<Ports, 'processes' | 'files'>

/** The demo's commits are signed by nobody, run no hooks and go to its own repository, whatever a person has set. */
const quiet = [...gitWords, '-c', 'commit.gpgSign=false', '-c', 'core.autocrlf=false']

async function run(ports: Tools, cwd: string, command: string, ...args: string[]): Promise<string> {
  const words = command === 'git' ? [...quiet, ...args] : args
  const { code, stdout, stderr } = await ports.processes.run(command, words, { cwd, env: gitEnvironment })
  if (code !== 0) throw new RigletError('TOOL_FAILED', `${command} ${args[0] ?? ''} failed: ${stderr.trim()}`)
  return stdout.trim()
}

/** What git says in a folder, or in the demo's own repository. */
export const runGit = (ports: Tools, words: readonly string[], folder: string = demoSource): Promise<string> =>
  run(ports, folder, 'git', ...words)

/** Commits whatever was changed there. Returns the commit. */
export async function commitAll(message: string, ports: Tools): Promise<string> {
  await run(ports, demoSource, 'git', 'add', '-A')
  await run(ports, demoSource, 'git', 'commit', '-q', '--allow-empty', '-m', message)
  return run(ports, demoSource, 'git', 'rev-parse', 'HEAD')
}

/** Copies the files that are there into the folder $0: as many as a command line holds at a time, not a process each. */
const copies = 'for file; do [ ! -e "$file" ] || found+=("$file"); done; cp -a --parents -- "${found[@]}" "$0"'

/** A fresh repository with this checkout's files, tools borrowed from here. Returns its absolute folder. */
export async function makeDemoSource(ports: Tools): Promise<string> {
  const here = await run(ports, '.', 'pwd')
  const there = `${here}/${demoSource}`
  await run(ports, here, 'rm', '-rf', there)
  await run(ports, here, 'mkdir', '-p', `${there}/.state`)
  // Tracked files, and new ones that git does not ignore: what a commit here would hold.
  await run(
    ports,
    here,
    'bash',
    '-c',
    `git ls-files -z --cached --others --exclude-standard | xargs -0 bash -c '${copies}' "$1"`,
    '_',
    there,
  )
  for (const name of borrowed) await run(ports, here, 'ln', '-s', `${here}/${name}`, `${there}/${name}`)
  await run(ports, there, 'git', 'init', '-q', '-b', 'main')
  await ports.files.write(`${demoSource}/.git/info/exclude`, borrowed.map((name) => `${name}\n`).join(''))
  await run(ports, there, 'git', 'config', 'user.name', 'Demo')
  await run(ports, there, 'git', 'config', 'user.email', 'demo@example.com')
  // Only what is committed is released to a pipeline.
  await run(ports, there, 'git', 'add', '-A')
  await run(ports, there, 'git', 'commit', '-q', '-m', 'Begin')
  return there
}

/** Commits the web image in another version. */
export async function commitVersion(version: string, ports: Tools): Promise<string> {
  const file = `${demoSource}/packer/web/web.pkrvars.hcl`
  const text = await ports.files.read(file)
  await ports.files.write(file, text.replace(/^version(\s*)=.*$/m, `version$1= "${version}"`))
  return commitAll(`Ship version ${version}`, ports)
}
