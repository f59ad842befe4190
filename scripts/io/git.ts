import { RigletError } from '../core/errors.ts'
import type { Git, Processes } from '../core/ports.ts'

const separator = '\u001f'

export function makeGit(processes: Processes): Git {
  const git = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await processes.run('git', args)
    if (code !== 0)
      throw new RigletError('TOOL_FAILED', `git ${args[0]} failed: ${stderr.trim() || `exit code ${code}`}`)
    return stdout
  }
  return {
    head: async () => {
      const line = await git('log', '-1', `--format=%H${separator}%s${separator}%an${separator}%cI`)
      const [id = '', message = '', author = '', time = ''] = line.trim().split(separator)
      return { id, message, author, time }
    },
    changed: async () =>
      (await git('status', '--porcelain'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.slice(3)),
    archive: async (commit, path, extra = {}) => {
      const added = Object.entries(extra).map(([name, text]) => `--add-virtual-file=${name}:${text}`)
      await git('archive', '--format=zip', `--output=${path}`, ...added, commit)
    },
  }
}
