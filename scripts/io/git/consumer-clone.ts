import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { noBase, notAFile } from '../../core/proposal/errors.ts'
import type { BranchCommit, Clone, Destination, Tip } from '../../core/ports/local/proposals.ts'
import type { Processes } from '../../core/ports/local/processes.ts'
import { failureOf, makeConsumerGit, type ConsumerGit } from './consumer-git.ts'

const remote = 'consumer'
const [atBase, atBranch] = ['refs/consumer/base', 'refs/consumer/branch']

/** Made in the machine's folder for what is temporary, and removed whatever happens. */
export async function inClone<Made>(
  processes: Processes,
  destination: Destination,
  work: (clone: Clone) => Promise<Made>,
): Promise<Made> {
  const home = await mkdtemp(join(tmpdir(), 'riglet-consumer-'))
  try {
    return await work(makeClone(destination, makeConsumerGit(home, destination, processes)))
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

function makeClone({ consumer, branch }: Destination, git: ConsumerGit): Clone {
  const head = (name: string): string => `refs/heads/${name}`

  /** Commits and folders alone are brought, where the host can do that; a file comes when it is read. */
  const bring = async (): Promise<boolean> => {
    const listed = await git.run('read', [
      'ls-remote',
      '--refs',
      consumer.repository,
      ...[consumer.base, branch].map(head),
    ])
    const there = new Map(listed.split('\n').map((line) => line.split('\t').reverse() as [string, string | undefined]))
    const base = there.get(head(consumer.base))
    if (base === undefined) throw noBase(consumer)
    const format = base.length === 64 ? 'sha256' : 'sha1'
    await git.run('copy', ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`])
    await git.run('copy', ['config', `remote.${remote}.url`, consumer.repository])
    const hasBranch = there.has(head(branch))
    const refs = [`+${head(consumer.base)}:${atBase}`, ...(hasBranch ? [`+${head(branch)}:${atBranch}`] : [])]
    await git.run('read', [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--filter=blob:none',
      remote,
      ...refs,
    ])
    return hasBranch
  }

  const entryIn = async (commit: string) => {
    const listed = await git.run('read', ['ls-tree', '-z', commit, '--', consumer.path])
    const [, mode, id] = /^(\d+) \S+ (\S+)\t/.exec(listed) ?? []
    if (mode === undefined || id === undefined) return undefined
    if (!mode.startsWith('100')) throw notAFile(consumer, mode === '120000' ? 'a link' : 'a folder, or a submodule')
    return { mode, id }
  }

  const tip = async (ref: string): Promise<Tip> => {
    const commit = (await git.run('read', ['rev-parse', '--verify', `${ref}^{commit}`])).trim()
    const entry = await entryIn(commit)
    return { commit, text: entry === undefined ? undefined : await git.run('read', ['cat-file', 'blob', entry.id]) }
  }

  const commitsApart = async (): Promise<readonly BranchCommit[]> => {
    const format = '--format=%x01%H%x00%P%x00%T%x00%an <%ae>%x00%B%x02'
    const listed = await git.run('read', ['rev-list', '--topo-order', format, `${atBase}..${atBranch}`])
    const commits: BranchCommit[] = []
    for (const text of listed.split('\x01').slice(1)) {
      const [id = '', parents = '', tree = '', author = '', message = ''] = text.split('\x02')[0]!.split('\0')
      // Of a merge: what it says otherwise than all that it merged.
      const asked = ['diff-tree', '--root', '-r', '-c', '--no-commit-id', '--name-only', id, '--', consumer.path]
      const ofManifest = (await git.run('read', asked)) !== ''
      commits.push({ id, parents: parents.split(' ').filter(Boolean), tree, author, message, ofManifest })
    }
    return commits
  }

  return {
    look: async () => {
      const hasBranch = await bring()
      const base = await tip(atBase)
      return { base, branch: hasBranch ? { ...(await tip(atBranch)), commits: await commitsApart() } : undefined }
    },
    commit: async (on, text, message) => {
      const { mode } = (await entryIn(on)) ?? { mode: '100644' }
      const blob = (await git.run('write to', ['hash-object', '-w', '--stdin'], text)).trim()
      await git.run('write to', ['read-tree', on])
      await git.run('write to', ['update-index', '--add', '--cacheinfo', `${mode},${blob},${consumer.path}`])
      const tree = (await git.run('write to', ['write-tree', '--missing-ok'])).trim()
      return (await git.run('write to', ['commit-tree', '-p', on, '-F', '-', tree], message(tree))).trim()
    },
    push: async (commit, expected) => {
      const { code, stdout, stderr } = await git.attempt([
        ...['push', '--porcelain', '--no-signed', '--no-follow-tags', '--recurse-submodules=no'],
        ...[`--force-with-lease=${head(branch)}:${expected ?? ''}`, remote, `${commit ?? ''}:${head(branch)}`],
      ])
      const said = stderr.split('\n').flatMap((line) => /^remote: *(\S.*)$/.exec(line)?.[1]?.trim() ?? [])
      if (code === 0) return { type: 'pushed', said }
      const refused = /^!\t\S*\t(.*)$/m.exec(stdout)?.[1]
      if (refused !== undefined && /stale info|fetch first|cannot lock ref|failed to update ref/.test(refused))
        return { type: 'moved' }
      throw failureOf(
        consumer,
        'push to',
        [refused, ...said, ...(refused === undefined ? [stderr] : [])].filter(Boolean).join('\n'),
      )
    },
  }
}
