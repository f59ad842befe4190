import type { RigletError } from '../../core/errors.ts'
import { treeFaults } from '../../core/source/tree.ts'
import { isBelow, sourceListFile, unsaid } from '../../core/source/source-archive.ts'
import type { Commit } from '../../core/ports/local/git.ts'
import type { Ports } from '../../core/ports/ports.ts'

/** What Packer uploads stands below it, or is linked from there. */
const uploaded = 'packer'

/**
 * Archives the commit as a checkout of it would be, into `path`. What Packer would upload and the archive does not hold
 * is refused; where a build gets something else than stands here the person is told, and asked.
 * @throws RigletError FILE | NOT_CONFIRMED
 * @returns whether to go on
 */
export async function archiveSource(
  commit: Commit,
  path: string,
  ports: Pick<Ports, 'files' | 'git' | 'terminal'>,
): Promise<boolean> {
  const here = await ports.files.tree(uploaded)
  const looked = [uploaded, ...here.reached]
  const { missing, sent } = await ports.git.archive(commit, path, looked)
  const matters = (one: string): boolean =>
    one === sourceListFile ||
    one.includes('\ufffd') ||
    looked.some((folder) => isBelow(one, folder) || isBelow(folder, one))
  const refused = missing.filter((fault) => matters(fault.path))
  if (refused.length > 0) throw treeFaults(`${commit.id.slice(0, 7)} cannot be pushed whole:`, refused)
  const tell = ({ message, remedy }: RigletError): void => ports.terminal.say(`${message}\n${remedy}`)
  if (missing.length > 0) tell(treeFaults('Not pushed, and no image is made of it:', missing))
  const differing = [...unsaid(here, sent, await ports.git.changed()), ...sent.faults]
  if (differing.length === 0) return true
  tell(treeFaults('A build does not get what stands here:', differing))
  return ports.terminal.confirm(`Push the last commit (${commit.id.slice(0, 7)}) as it is?`)
}
