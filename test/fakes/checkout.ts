import type { Git } from '../../scripts/core/ports/local/git.ts'
import type { Processes } from '../../scripts/core/ports/local/processes.ts'

/** A checkout with nothing but commits; `changed`: what is not committed. */
export const fakeGit = (
  changed: readonly string[] = [],
  id = '9f3c2e1a'.repeat(5),
  tags: readonly string[] = [],
): Git => ({
  head: () => Promise.resolve({ id, message: 'Ship it', author: 'a', time: 't' }),
  branch: () => Promise.resolve('main'),
  tags: () => Promise.resolve([...tags]),
  versionsOf: () => Promise.resolve({ complete: true, versions: [] }),
  refsOf: () => Promise.resolve(new Map()),
  relation: () => Promise.resolve('newer'),
  changed: () => Promise.resolve([...changed]),
  treeOf: () => Promise.resolve({ tree: 'f00d', commit: id }),
  archive: () => Promise.resolve({ missing: [], sent: { entries: [], faults: [], reached: [] } }),
  archivePaths: () => Promise.resolve(),
})

/** Whose tools for builds are made already. */
export const fakeProcesses: Processes = {
  run: (_, [, word, part]) =>
    Promise.resolve({
      code: 0,
      stdout: word === 'names' ? 'node-1-linux\nimage-2-linux\n' : `${part}sum\t/cache/${part}.tar.gz\n`,
      stderr: '',
    }),
}
