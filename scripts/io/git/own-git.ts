import { join } from 'node:path'
import { RigletError } from '../../core/errors.ts'
import { gitEnvironment, nobodysConfiguration } from '../../core/source/git.ts'
import type { Processes } from '../../core/ports/local/processes.ts'

/** Git in the checkout. */
export type Git = (args: readonly string[]) => Promise<string>
export type Entry = { readonly mode: string; readonly id: string; readonly path: string }

export type OwnGit = (
  args: readonly string[],
  more?: { readonly input?: string; readonly worktree?: string; readonly time?: string },
) => Promise<string>

/** Git in the repository `home`, without what a person, a machine or a hook around us has configured. */
export const ownGit =
  (home: string, processes: Processes): OwnGit =>
  async (args, { input, worktree, time } = {}) => {
    const env = {
      ...gitEnvironment,
      ...nobodysConfiguration,
      GIT_DIR: home,
      GIT_INDEX_FILE: join(home, 'index'),
      GIT_WORK_TREE: worktree,
      ...(time === undefined ? {} : { GIT_AUTHOR_DATE: time, GIT_COMMITTER_DATE: time }),
    }
    const options = {
      env,
      ...(input === undefined ? {} : { input }),
      ...(worktree === undefined ? {} : { cwd: worktree }),
    }
    const { code, stdout, stderr } = await processes.run('git', ['-c', 'core.looseCompression=1', ...args], options)
    if (code === 0) return stdout
    throw new RigletError('TOOL_FAILED', `git ${args[0]} failed: ${stderr.trim() || `exit code ${code}`}`)
  }

/** The folder that holds a repository's objects. */
export const objectsOf = async (git: Git): Promise<string> =>
  (await git(['rev-parse', '--path-format=absolute', '--git-path', 'objects'])).replace(/\n$/, '')

/** The index, which is what gets archived. */
export const staged = async (own: OwnGit): Promise<Entry[]> =>
  (await own(['ls-files', '--stage', '-z'])).split('\0').flatMap((line) => {
    const found = /^(\d+) ([0-9a-f]+) \d\t([^]+)$/.exec(line)
    return found === null ? [] : { mode: found[1]!, id: found[2]!, path: found[3]! }
  })
