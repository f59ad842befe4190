import { batchesOf } from '../../core/batches.ts'
import { RigletError } from '../../core/errors.ts'
import type { FileVersion, FileVersions } from '../../core/ports/local/git.ts'
import { gitEnvironment, gitWords } from '../../core/source/git.ts'
import type { Processes } from '../../core/ports/local/processes.ts'

type Git = (args: readonly string[]) => Promise<string>
type Revision = Omit<FileVersion, 'text'> & { readonly object: string }

/** Files that are read at once. */
const together = 8

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')
/** Before each commit rev-list puts a line of its own. */
const records = (text: string): string[] => lines(text).filter((line) => line.includes('\0'))

/**
 * A file in every tag, and in the commits since a time that changed it, before and after. Each text is read once, however
 * many tags have it.
 */
export async function fileVersions(
  path: string,
  since: Date,
  git: Git,
  processes: Processes,
  folder: string,
): Promise<FileVersions> {
  const [tags, commits, shallow] = await Promise.all([
    git(['for-each-ref', '--format=%(refname)%00%(refname:lstrip=2)%00%(creatordate:unix)', 'refs/tags']),
    git(['rev-list', `--since=${since.toISOString()}`, '--format=%H%x00%ct', 'HEAD', '--', path]),
    git(['rev-parse', '--is-shallow-repository']),
  ])
  const revisions: Revision[] = [
    ...records(tags).map((line): Revision => {
      const [object = '', name = '', time = ''] = line.split('\0')
      return { type: 'tag', name, time: Number(time) * 1000, object: `${object}:./${path}` }
    }),
    ...records(commits).flatMap((line) => {
      const [commit = '', time = ''] = line.split('\0')
      return [commit, `${commit}^1`].map((object): Revision => ({
        type: 'commit',
        name: commit.slice(0, 7),
        time: Number(time) * 1000,
        object: `${object}:./${path}`,
      }))
    }),
  ]
  const blobs = await blobsOf(revisions, processes, folder)
  const texts = new Map<string, string>()
  for (const batch of batchesOf([...new Set(blobs.values())], together))
    await Promise.all(batch.map(async (blob) => void texts.set(blob, await git(['cat-file', 'blob', blob]))))
  return {
    complete: shallow.trim() === 'false',
    versions: revisions.flatMap(({ object, ...revision }) => {
      const text = texts.get(blobs.get(object) ?? '')
      return text === undefined ? [] : [{ ...revision, text }]
    }),
  }
}

/** Which blob stands where; what is missing, or is no file, is left out. */
async function blobsOf(
  revisions: readonly Revision[],
  processes: Processes,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  if (revisions.length === 0) return new Map()
  const { code, stdout, stderr } = await processes.run('git', [...gitWords, 'cat-file', '--batch-check'], {
    cwd: folder,
    env: gitEnvironment,
    input: revisions.map(({ object }) => `${object}\n`).join(''),
  })
  if (code !== 0) throw new RigletError('TOOL_FAILED', `git cat-file failed: ${stderr.trim() || `exit code ${code}`}`)
  // A line each, in the order of the questions.
  const answers = lines(stdout).map((line) => /^([0-9a-f]+) blob \d+$/.exec(line)?.[1])
  return new Map(
    revisions.flatMap(({ object }, index): [string, string][] => {
      const blob = answers[index]
      return blob === undefined ? [] : [[object, blob]]
    }),
  )
}
