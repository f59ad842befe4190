import { RigletError } from '../../core/errors.ts'
import { desiredFile } from '../../core/manifest/desired-images.ts'
import { manifestFile } from '../../core/manifest/manifest.ts'
import type { Files } from '../../core/ports/local/files.ts'
import type { Ports } from '../../core/ports/ports.ts'
import type { Settings } from '../../core/settings/settings.ts'

const manifests = /^manifests\/[^/]+$/
const clone = 'out/tags.git'

/**
 * In a job, which runs control: the commit's manifests, as data, in place of the checkout's own, and the manifests of its tags
 * from where TAGS_URL says. Nothing else of the commit is read. Elsewhere all stays as it is.
 */
export async function withManifests(settings: Settings, ports: Ports): Promise<Ports> {
  const { SOURCE: folder, TAGS_URL: url } = settings
  if (folder === undefined) return ports
  const files = fromCommit(ports.files, ports.filesIn(folder))
  return { ...ports, files, git: url === undefined ? withoutTags({ ...ports, files }) : await cloned(url, ports) }
}

function fromCommit(control: Files, commit: Files): Files {
  const of = (path: string): Files => (manifests.test(path) ? commit : control)
  return {
    ...control,
    read: (path) => of(path).read(path),
    readIfThere: (path) => of(path).readIfThere(path),
    exists: (path) => of(path).exists(path),
  }
}

/** A build has no history. What a commit without manifests published earlier is looked for by people alone. */
const withoutTags = ({ files, git }: Pick<Ports, 'files' | 'git'>): Ports['git'] => ({
  ...git,
  versionsOf: async () => {
    const there = await Promise.all([manifestFile, desiredFile].map((file) => files.exists(file)))
    if (!there.includes(true)) return { complete: true, versions: [] }
    throw new RigletError(
      'TOOL_FAILED',
      'a job has no clone of the repository.',
      'Name one that needs no password: make update-schedule TAGS_URL=https://...',
    )
  },
})

/** Only what speaks https, and nobody is asked for a password. */
async function cloned(url: string, { git, gitIn, processes }: Pick<Ports, 'git' | 'gitIn' | 'processes'>) {
  const { code, stderr } = await processes.run('git', ['clone', '--quiet', '--bare', '--', url, clone], {
    env: { GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https' },
  })
  const there = gitIn(clone)
  return {
    ...git,
    versionsOf: async (...words: Parameters<Ports['git']['versionsOf']>) => {
      if (code !== 0) throw new RigletError('TOOL_FAILED', `${url} cannot be cloned: ${stderr.trim()}`)
      return there.versionsOf(...words)
    },
  }
}
