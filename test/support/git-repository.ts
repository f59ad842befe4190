import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Author = { readonly name: string; readonly email: string }
export const ada: Author = { name: 'Ada', email: 'ada@acme.example' }

export type GitRepository = Awaited<ReturnType<typeof makeRepository>>

/** A bare repository as a host keeps one, in which people commit. */
export async function makeRepository(root: string, name: string) {
  const home = join(root, `${name}.git`)
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('GIT_')))
  const env = { ...clean, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const git = (args: readonly string[], input = '', more: NodeJS.ProcessEnv = {}): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = execFile(
        'git',
        ['--git-dir', home, ...args],
        { env: { ...env, ...more } },
        (error, stdout, stderr) =>
          error === null ? resolve(stdout.trimEnd()) : reject(new Error(`git ${args.join(' ')}: ${stderr}`)),
      )
      // One that reads nothing may have ended already.
      child.stdin!.on('error', () => undefined).end(input)
    })
  await git(['init', '--quiet', '--bare', '--initial-branch=main', home])
  for (const [key, value] of [
    ['http.receivepack', 'true'],
    ['uploadpack.allowFilter', 'true'],
  ] as const)
    await git(['config', key, value])

  const tip = (branch: string): Promise<string | undefined> =>
    git(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]).catch(() => undefined)
  const index = { GIT_INDEX_FILE: join(home, 'people.index') }
  const commit = async (
    branch: string,
    files: Readonly<Record<string, string>>,
    message: string,
    { on, also = [], author = ada }: { on?: string; also?: readonly string[]; author?: Author } = {},
  ): Promise<string> => {
    const parent = on ?? (await tip(branch))
    await git(parent === undefined ? ['read-tree', '--empty'] : ['read-tree', parent], '', index)
    for (const [path, text] of Object.entries(files)) {
      const blob = await git(['hash-object', '-w', '--stdin'], text)
      await git(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`], '', index)
    }
    const tree = await git(['write-tree'], '', index)
    const parents = [...(parent === undefined ? [] : [parent]), ...also].flatMap((one) => ['-p', one])
    const who = Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) => [
        [`GIT_${role}_NAME`, author.name],
        [`GIT_${role}_EMAIL`, author.email],
      ]),
    )
    const made = await git(['commit-tree', ...parents, '-F', '-', tree], message, who)
    await git(['update-ref', `refs/heads/${branch}`, made])
    return made
  }
  return {
    home,
    git,
    tip,
    /** A commit of a person's on a branch. */
    commit,
    textOf: (branch: string, path: string): Promise<string | undefined> =>
      git(['cat-file', 'blob', `refs/heads/${branch}:${path}`]).then(
        (text) => `${text}\n`,
        () => undefined,
      ),
    /** Subjects, the newest first. */
    log: async (branch: string): Promise<readonly string[]> =>
      (await git(['log', '--format=%s', `refs/heads/${branch}`])).split('\n'),
    branches: async (): Promise<readonly string[]> =>
      (await git(['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads'])).split('\n').filter(Boolean),
  }
}

/** A folder that is there for one suite. */
export async function temporary(
  name: string,
): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `riglet-${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
