import { resolve } from 'node:path'
import { sha256 } from '../../core/canonical.ts'
import { RigletError } from '../../core/errors.ts'
import { changedPaths, gitEnvironment, gitWords } from '../../core/source/git.ts'
import type { Git } from '../../core/ports/local/git.ts'
import type { Processes } from '../../core/ports/local/processes.ts'
import type { Making } from './source-archive.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Another repository is reached by these ways alone, and where it wants a password nobody waits for one. */
const asksNobody: Env = { GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https:ssh:file' }

/**
 * Everything asks plumbing, whose answers no configuration changes. `folder`: where the repository is; paths of what is
 * written are below `root`.
 */
export function makeGit(processes: Processes, root: string, folder = root): Git {
  const run = (args: readonly string[], env: Env = {}) =>
    processes.run('git', [...gitWords, ...args], { cwd: folder, env: { ...gitEnvironment, ...env } })

  const git = async (args: readonly string[], env?: Env): Promise<string> => {
    const { code, stdout, stderr } = await run(args, env)
    if (code !== 0)
      throw new RigletError('TOOL_FAILED', `git ${args[0]} failed: ${stderr.trim() || `exit code ${code}`}`)
    return stdout
  }

  const making: Making = { git, processes, home: resolve(root, 'out/source.git') }

  const isAncestor = async (one: string, of: string): Promise<boolean> =>
    (await run(['merge-base', '--is-ancestor', one, of])).code === 0

  const whole = async (commit: string): Promise<string | undefined> => {
    const { code, stdout } = await run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`])
    return code === 0 ? stdout.trim() : undefined
  }

  return {
    head: async () => {
      const text = await git([
        'rev-list',
        '--max-count=1',
        '--encoding=UTF-8',
        '--format=%H%x00%s%x00%an%x00%cI',
        'HEAD',
      ])
      // The first line says `commit` and its id, whatever the format.
      const [id = '', message = '', author = '', time = ''] = text
        .slice(text.indexOf('\n') + 1)
        .trimEnd()
        .split('\0')
      return { id, message, author, time }
    },
    branch: async () => {
      const { code, stdout } = await run(['symbolic-ref', '--quiet', 'HEAD'])
      return code === 0 ? stdout.trim().replace(/^refs\/heads\//, '') : undefined
    },
    tags: async () =>
      (await git(['for-each-ref', '--points-at=HEAD', '--format=%(refname:lstrip=2)', 'refs/tags']))
        .split('\n')
        .filter((name) => name !== ''),
    versionsOf: async (path, since) =>
      (await import('./file-versions.ts')).fileVersions(path, since, git, processes, folder),
    refsOf: async (url, names) => {
      // A tag may be an object of its own; `^{}` is the commit that it is of.
      const asked = names.flatMap((name) => [name, `${name}^{}`])
      const text = await git(['ls-remote', '--quiet', '--', url, ...asked], asksNobody)
      const ids = new Map([...text.matchAll(/^([0-9a-f]+)\t(.+)$/gm)].map(([, id, name]) => [name!, id!]))
      return new Map(
        names.flatMap((name) => {
          const id = ids.get(`${name}^{}`) ?? ids.get(name)
          return id === undefined ? [] : [[name, id] as const]
        }),
      )
    },
    relation: async (commit, to) => {
      const [here, there] = await Promise.all([whole(commit), whole(to)])
      if (here === undefined || there === undefined) return 'unknown'
      if (here === there) return 'same'
      if (await isAncestor(there, here)) return 'newer'
      return (await isAncestor(here, there)) ? 'older' : 'apart'
    },
    changed: async (below = []) =>
      changedPaths(
        await git([
          ...['status', '--porcelain=v2', '-z', '--no-renames'],
          ...['--untracked-files=normal', '--ignored=no', '--ignore-submodules=none', '--', ...below],
        ]),
      ),
    treeOf: async (paths) => {
      const [files, commit] = await Promise.all([
        git(['ls-tree', '-r', '-z', 'HEAD', '--', ...paths]),
        git(['rev-list', '--max-count=1', 'HEAD', '--', ...paths]),
      ])
      return { tree: sha256(files), commit: commit.trim() }
    },
    archive: async (commit, path, looked) => {
      const { archiveSource } = await import('./source-archive.ts')
      return archiveSource({ commit, path: resolve(root, path), looked }, making)
    },
    archivePaths: async (paths, path, extra) => {
      const { archivePaths } = await import('./source-archive.ts')
      return archivePaths({ paths, path: resolve(root, path), extra }, making)
    },
  }
}
