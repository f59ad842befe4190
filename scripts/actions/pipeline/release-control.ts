import { readJson, withTexts } from '../../core/json.ts'
import { notReleased, toolsFailed } from '../../core/pipeline/errors.ts'
import {
  controlFile,
  controlKey,
  controlPaths,
  controlText,
  packagesFile,
  toolKey,
  toolSumsFile,
  type Control,
} from '../../core/pipeline/control.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { environmentsIn } from '../environment/environments-in.ts'

type ReadPorts = Pick<Ports, 'git' | 'files' | 'processes'>

/**
 * What this checkout gives a pipeline to run.
 * @throws RigletError PIPELINE when files of it are not committed: what nobody committed nobody could look up later;
 *   SETTINGS when environments.yaml has faults
 */
export async function readControl({ git, files, processes }: ReadPorts): Promise<Control> {
  const [text, { commit, tree }, names, changed] = await Promise.all([
    files.read('package.json'),
    git.treeOf(controlPaths),
    buildTools(['names'], { processes }),
    git.changed(controlPaths),
    environmentsIn({ files }),
  ])
  if (changed.length > 0) throw notReleased(changed)
  const { version } = await readJson('package.json', text, withTexts('version'))
  return { version, commit, tree, tools: names.split('\n') }
}

/** Puts control and its tools where the pipeline reads them, unless they lie there already. */
export async function releaseControl(
  control: Control,
  bucket: string,
  ports: ReadPorts & Pick<Ports, 'buckets' | 'terminal'>,
): Promise<void> {
  const { buckets, git, terminal } = ports
  const key = controlKey(control)
  if (await buckets.has(bucket, key)) return
  const sums: string[] = []
  const within: Record<string, { readonly file: string }> = {}
  for (const tool of control.tools) {
    const part = tool.slice(0, tool.indexOf('-'))
    const [sha256 = '', file = ''] = (await buildTools(['pack', part], ports)).split('\t')
    if (part === 'packages') {
      within[packagesFile] = { file }
      continue
    }
    sums.push(`${sha256}  ${tool}\n`)
    if (await buckets.has(bucket, toolKey(tool, sha256))) continue
    terminal.say(`Sending the ${part} tools that builds need, once`)
    await buckets.put(bucket, toolKey(tool, sha256), { file })
  }
  const archive = 'out/control.zip'
  const extra = { ...within, [toolSumsFile]: sums.join(''), [controlFile]: controlText(control) }
  await git.archivePaths(controlPaths, archive, extra)
  await buckets.put(bucket, key, { file: archive })
}

async function buildTools(words: readonly string[], { processes }: Pick<Ports, 'processes'>): Promise<string> {
  const { code, stdout, stderr } = await processes.run('bash', ['setup/build-tools', ...words])
  if (code !== 0) throw toolsFailed(words.join(' '), stderr.trim())
  return stdout.trim()
}
