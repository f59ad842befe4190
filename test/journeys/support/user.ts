import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { copyFile, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Rehearsal } from '../../../rehearsal/contract/support/rehearsal.ts'

const run = promisify(execFile)
export const checkout = resolve(import.meta.dirname, '../../..')

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** A user with a repository of their own, who types `make`. */
export type User = {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** Runs a target and returns how it ended, whatever that is. */
  readonly make: (...words: readonly string[]) => Promise<Ended>
  /** Runs a target that must succeed. */
  readonly does: (...words: readonly string[]) => Promise<Ended>
  /** Starts a target and leaves it running, to be killed. */
  readonly begins: (...words: readonly string[]) => ChildProcess
  /** Rewrites a file of the repository and commits. */
  readonly commits: (message: string, path: string, edit: (text: string) => string) => Promise<void>
  readonly leaves: () => Promise<void>
}

export type UserOptions = { readonly owner?: string; readonly project?: string; readonly yes?: boolean }

/** A copy of this checkout as a repository of its own; tools are borrowed from here. */
export async function newUser(name: string, rehearsal: Rehearsal, options: UserOptions = {}): Promise<User> {
  // People's folders have names as this one: nothing may split a path at its spaces.
  const folder = join(checkout, '.state', 'journeys', `my ${name} (copy)`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, '.state'), { recursive: true })
  await copyCheckout(folder)
  const borrowed = ['node_modules', '.tools']
  for (const tool of borrowed) await symlink(join(checkout, tool), join(folder, tool))
  const git = (...words: readonly string[]) => run('git', words, { cwd: folder })
  await git('init', '-q', '-b', 'main')
  await writeFile(join(folder, '.git/info/exclude'), borrowed.map((tool) => `/${tool}\n`).join(''))
  await git('config', 'user.name', 'Journey')
  await git('config', 'user.email', 'journey@example.com')
  await git('add', '-A')
  await git('commit', '-q', '-m', 'Begin')
  return asUser(folder, rehearsal, options)
}

/** What a commit of this checkout would hold; without a process for each of its thousand files. */
async function copyCheckout(folder: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: checkout,
    maxBuffer: 1 << 26,
  })
  const paths = stdout.split('\0').filter((one) => one !== '')
  for (const below of new Set(paths.map(dirname))) await mkdir(join(folder, below), { recursive: true })
  for (const path of paths) await copy(join(checkout, path), join(folder, path))
}

async function copy(from: string, to: string): Promise<void> {
  try {
    const link = await readlink(from).catch(() => undefined)
    await (link === undefined ? copyFile(from, to) : symlink(link, to))
  } catch (error) {
    // Deleted, and not yet committed so.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** The user of a repository that exists. */
export function asUser(folder: string, rehearsal: Rehearsal, options: UserOptions = {}): User {
  const env: Record<string, string> = {
    ...rehearsal.env,
    OWNER: options.owner ?? 'acme',
    PROJECT: options.project ?? 'shop',
    REPO: 'web',
    BRANCH: 'main',
    IMAGE: 'web',
    REGION: 'us-east-1',
    NO_COLOR: '1',
  }
  const inherited = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/root',
    LANG: 'C.UTF-8',
    ...proxies(),
  }
  const begins = (...words: readonly string[]): ChildProcess =>
    spawn('make', ['-s', ...words], {
      cwd: folder,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
  const make = async (...words: readonly string[]): Promise<Ended> => {
    const child = begins(...words)
    const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
    child.stdout!.on('data', (chunk: Buffer) => chunks.stdout.push(chunk))
    child.stderr!.on('data', (chunk: Buffer) => chunks.stderr.push(chunk))
    const code = await new Promise<number>((done) => child.on('close', (status) => done(status ?? 1)))
    return { code, stdout: Buffer.concat(chunks.stdout).toString(), stderr: Buffer.concat(chunks.stderr).toString() }
  }
  return {
    folder,
    env,
    make,
    begins,
    does: async (...words) => {
      const ended = await make(...words)
      if (ended.code !== 0)
        throw new Error(
          `make ${words.join(' ')} exited ${ended.code}\n${ended.stdout.slice(-2000)}\n${ended.stderr.slice(-4000)}`,
        )
      return ended
    },
    commits: async (message, path, edit) => {
      await edits(join(folder, path), edit)
      await run('git', ['commit', '-q', '-a', '-m', message], { cwd: folder })
    },
    leaves: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Rewrites a file, which must be another one then. */
export async function edits(file: string, edit: (text: string) => string): Promise<void> {
  const before = await readFile(file, 'utf8')
  const after = edit(before)
  if (after === before) throw new Error(`${file}: the edit changed nothing`)
  await writeFile(file, after)
}

/** What this machine needs to reach the outside: certificates and proxies, never credentials of AWS. */
const proxies = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(?:SSL_CERT|NODE_EXTRA_CA|CURL_CA|REQUESTS_CA|PIP_|GO|.*_proxy$|.*_PROXY$|XDG_)/.test(name),
    ),
  ) as Record<string, string>

export const setVersion =
  (version: string) =>
  (text: string): string =>
    text.replace(/^version(\s*)=.*$/m, `version$1= "${version}"`)
