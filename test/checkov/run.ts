/**
 * Checkov on the templates that are named, on its own ground: no network, no settings or keys of the person who runs it.
 * Prints what is wrong, a fault a line. It reads each template twice, as it is and without its skips, to tell which of
 * them still silence something.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { withConditionsHolding, withoutSkips } from './copies.ts'
import { faultsOf, type Record } from './faults.ts'

type Found = {
  readonly check_id: string
  readonly check_name: string
  readonly check_result: { readonly suppress_comment?: string }
  readonly file_path: string
  readonly file_line_range: readonly [number, number]
  readonly resource: string
}
type Kind = 'passed' | 'failed' | 'skipped'
type Output = { readonly results: { readonly [kind in `${Kind}_checks`]?: readonly Found[] } }

type Copy = 'written' | 'bare'

const paths = process.argv.slice(2)

/** What Checkov says of the templates in a folder. */
const ask = async (folder: string): Promise<Output['results']> => {
  const words = ['--framework', 'cloudformation', '--directory', '.', '--output', 'json', '--compact']
  const { stdout } = await promisify(execFile)(
    resolve('.state/checkov/bin/python'),
    [resolve('test/checkov/offline.py'), ...words, '--soft-fail', '--skip-download'],
    // HOME is a folder of its own: a .checkov.yaml there would be heard, too.
    { cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8' }, maxBuffer: 2 ** 28 },
  )
  return (JSON.parse(stdout) as Output).results
}

const record = (found: Found): Record => ({
  file: paths.find((path) => basename(path) === basename(found.file_path)) ?? found.file_path,
  check: found.check_id,
  resource: found.resource,
  words: found.check_name,
  from: found.file_line_range[0],
  to: found.file_line_range[1],
})

const texts = new Map<string, string>()
for (const path of paths) texts.set(path, await readFile(path, 'utf8'))

const folder = await mkdtemp(join(tmpdir(), 'riglet-checkov-'))
try {
  const write = async (copy: Copy, change: (text: string) => string): Promise<void> => {
    await mkdir(join(folder, copy))
    for (const [path, text] of texts) await writeFile(join(folder, copy, basename(path)), change(text))
  }
  await write('written', withConditionsHolding)
  await write('bare', (text) => withoutSkips(withConditionsHolding(text)))

  const results = await ask(folder)
  const from = (copy: Copy, kind: Kind): readonly Found[] =>
    (results[`${kind}_checks`] ?? []).filter(({ file_path: path }) => path.startsWith(`/${copy}/`))
  const faults = faultsOf(
    {
      read: [...from('written', 'passed'), ...from('written', 'failed')].map((found) => record(found).file),
      failed: from('written', 'failed').map(record),
      skipped: from('written', 'skipped').map((found) => ({
        ...record(found),
        reason: found.check_result.suppress_comment ?? '',
      })),
      failedWithoutSkips: from('bare', 'failed').map(record),
    },
    texts,
  )
  process.stdout.write(faults.map((fault) => `${fault}\n`).join(''))
  process.exitCode = faults.length === 0 ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}
