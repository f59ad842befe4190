import { RigletError } from '../../core/errors.ts'
import type { FileVersion, FileVersions } from '../../core/ports/local/git.ts'
import { gitEnvironment, gitWords } from '../../core/source/git.ts'
import type { Processes } from '../../core/ports/local/processes.ts'

type Git = (args: readonly string[]) => Promise<string>
type Revision = Omit<FileVersion, 'text'> & { readonly object: string }

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
  const texts = await textsOf([...new Set(blobs.values())], git, processes, folder)
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
  const objects = revisions.map(({ object }) => object)
  const stdout = await ask('--batch-check', objects, processes, folder)
  // A line each, in the order of the questions.
  const answers = lines(stdout).map((line) => /^([0-9a-f]+) blob \d+$/.exec(line)?.[1])
  return new Map(
    revisions.flatMap(({ object }, index): [string, string][] => {
      const blob = answers[index]
      return blob === undefined ? [] : [[object, blob]]
    }),
  )
}

/**
 * What stands in each, by one process for all of them: hundreds of tags would otherwise start hundreds. git says before each
 * how many bytes it has; what is no UTF-8 has other ones when it comes here, and is then read by itself.
 */
async function textsOf(
  blobs: readonly string[],
  git: Git,
  processes: Processes,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const bytes = Buffer.from(await ask('--batch', blobs, processes, folder))
  const texts = new Map<string, string>()
  let at = 0
  for (const blob of blobs) {
    const begin = bytes.indexOf('\n', at) + 1
    const size = new RegExp(`^${blob} blob (\\d+)\n$`).exec(bytes.toString('latin1', at, begin))?.[1]
    if (size === undefined) break
    const end = begin + Number(size)
    texts.set(blob, bytes.toString('utf8', begin, end))
    at = end + 1
  }
  if (texts.size < blobs.length || at !== bytes.length)
    for (const blob of blobs) texts.set(blob, await git(['cat-file', 'blob', blob]))
  return texts
}

/** `git cat-file` about many objects at once. */
async function ask(
  how: '--batch' | '--batch-check',
  objects: readonly string[],
  processes: Processes,
  folder: string,
): Promise<string> {
  if (objects.length === 0) return ''
  const { code, stdout, stderr } = await processes.run('git', [...gitWords, 'cat-file', how], {
    cwd: folder,
    env: gitEnvironment,
    input: objects.map((object) => `${object}\n`).join(''),
  })
  if (code !== 0) throw new RigletError('TOOL_FAILED', `git cat-file failed: ${stderr.trim() || `exit code ${code}`}`)
  return stdout
}
