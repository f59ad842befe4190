import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export type Ended = {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

/** Somebody without root, whose PATH has the programs that are named and no others, and whose home is empty. */
export type Newcomer = {
  readonly folder: string
  readonly run: (command: string, words: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ended>
  readonly leaves: () => void
}

/** What a machine with little on it has: POSIX tools, shasum for sha256sum, no flock. */
export const posix =
  'awk basename bash cat chmod cp cut dirname env find grep head id ln ls mkdir mktemp mv paste perl rm sed sh shasum sleep sort tail touch tr uname wc'.split(
    ' ',
  )

/** Debian's nobody; whoever is not root is somebody already. */
const nobody = 65534
const asRoot = process.getuid?.() === 0

const checkout = resolve(import.meta.dirname, '../../..')
/** The machine's own programs: without those that this checkout made. */
const ownPath = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.startsWith(checkout))

const programAt = (name: string): string => {
  // An account that is not root looks into no home of another one.
  const found = ownPath
    .map((folder) => join(folder, name))
    .find((path) => !path.startsWith('/root/') && existsSync(path))
  if (found === undefined) throw new Error(`this machine has no ${name}`)
  return found
}

/** What leads out of this network, where something else than the defaults does. */
const network = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(?:SSL_CERT|NODE_EXTRA_CA|.*_proxy$|.*_PROXY$)/.test(name)),
  ) as Record<string, string>

/** A newcomer with a fresh repository that holds what a commit of some folders here would hold. */
export function newcomer(programs: readonly string[], ...below: readonly string[]): Newcomer {
  const home = mkdtempSync(join(tmpdir(), 'newcomer-'))
  chmodSync(home, 0o755)
  const [bin, folder] = [join(home, 'bin'), join(home, 'riglet')]
  mkdirSync(bin)
  for (const name of programs) symlinkSync(programAt(name), join(bin, name))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...below], {
    cwd: checkout,
  })
  for (const path of listed
    .toString()
    .split('\0')
    .filter((one) => one !== '' && existsSync(join(checkout, one)))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(checkout, path), join(folder, path), { verbatimSymlinks: true })
  }
  const registry = execFileSync(programAt('npm'), ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()
  const given = { PATH: bin, HOME: home, LANG: 'C.UTF-8', npm_config_registry: registry, ...network() }
  if (asRoot) handOver(home)
  return {
    folder,
    run: async (command, words, env = {}) => {
      const began = performance.now()
      const identity = asRoot ? { uid: nobody, gid: nobody } : {}
      const child = spawn(join(bin, command), words, {
        cwd: folder,
        env: { ...given, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...identity,
      })
      const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
      child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk))
      child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk))
      const code = await new Promise<number>((done, fail) => {
        child.on('error', fail)
        child.on('close', (status) => done(status ?? 1))
      })
      const [stdout, stderr] = [Buffer.concat(chunks.stdout).toString(), Buffer.concat(chunks.stderr).toString()]
      return { code, stdout, stderr, seconds: (performance.now() - began) / 1000 }
    },
    leaves: () => rmSync(home, { recursive: true, force: true }),
  }
}

function handOver(path: string): void {
  if (lstatSync(path).isSymbolicLink()) return
  chownSync(path, nobody, nobody)
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) handOver(join(path, name))
}
