import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { RigletError } from '../core/errors.ts'
import { changedPaths, gitEnvironment, gitWords, nobodysConfiguration } from '../core/git.ts'
import type { Git, Processes } from '../core/ports.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Everything asks plumbing, whose answers no configuration changes. */
/** `folder`: where the repository is; paths of what is written are below `root`. */
export function makeGit(processes: Processes, root: string, folder = root): Git {
  const run = (args: readonly string[], env: Env = {}) =>
    processes.run('git', [...gitWords, ...args], { cwd: folder, env: { ...gitEnvironment, ...env } })

  const git = async (args: readonly string[], env?: Env): Promise<string> => {
    const { code, stdout, stderr } = await run(args, env)
    if (code !== 0)
      throw new RigletError('TOOL_FAILED', `git ${args[0]} failed: ${stderr.trim() || `exit code ${code}`}`)
    return stdout
  }

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
      return { tree: createHash('sha256').update(files).digest('hex'), commit: commit.trim() }
    },
    // A repository's own configuration and attributes cannot be switched off, so the archive is made in another one.
    archive: async (commit, path, extra = {}, paths = []) => {
      const asked = ['--show-prefix', '--show-object-format', '--path-format=absolute', '--git-path', 'objects']
      const [prefix = '', format = '', objects = ''] = (await git(['rev-parse', ...asked])).split('\n')
      const folder = await mkdtemp(join(tmpdir(), 'riglet-git-'))
      const env = { ...nobodysConfiguration, GIT_DIR: folder, GIT_OBJECT_DIRECTORY: objects }
      try {
        await git(
          ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, folder],
          nobodysConfiguration,
        )
        const added = Object.entries(extra).map(([name, text]) => `--add-virtual-file=${name}:${text}`)
        const tree = prefix === '' ? commit : `${commit}:${prefix}`
        await git(['archive', '--format=zip', `--output=${resolve(root, path)}`, ...added, tree, '--', ...paths], env)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}
