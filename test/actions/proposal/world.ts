import { document, planDocument } from '../../../scripts/actions/proposal/document.ts'
import { writeManifest, type Manifest } from '../../../scripts/core/manifest/manifest.ts'
import type { Processes } from '../../../scripts/core/ports/local/processes.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { inClone } from '../../../scripts/io/git/consumer-clone.ts'
import { makeRequests } from '../../../scripts/io/hosts/requests.ts'
import { makeProcesses } from '../../../scripts/io/processes.ts'
import { fakeClock } from '../../fakes/image-ports.ts'
import { fakePlaces, homeAccount } from '../../fakes/places.ts'
import { fakeFiles, imageFacts } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'
import { makeRepository, temporary } from '../../support/git-repository.ts'
import { openGitServer } from '../../support/git-server.ts'

export const token = 'ghp_PlantedToken0123456789abcdefABCDEF'
export const name = 'acme/infrastructure'
export const branch = 'riglet/acme-shop'
export const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' } as const
const regions = ['us-east-1', 'eu-west-1']

/** What the manifest says when these images are published; `web` is in both regions. */
export const manifestOf = (ids: readonly [string, string]): Manifest => ({
  web: Object.fromEntries(
    regions.map((region, index) => [
      region,
      [
        {
          architecture: 'x86_64',
          deprecation_time: null,
          id: ids[index]!,
          name: 'acme-shop/web/1.4.2-9f3c2e1a',
          public: false,
        },
      ],
    ]),
  ),
})

export const first = ['ami-00000001', 'ami-00000002'] as const
export const second = ['ami-00000003', 'ami-00000004'] as const

const facts = (id: string, region: string) =>
  imageFacts(id, { account: homeAccount, region, tags: { Published: '2026-02-01T08:00:00Z' } })

/** A consumer's repository on a server of git, in which `first` is what the base branch says. */
export async function consumerWorld() {
  const folder = await temporary('world')
  const repository = await makeRepository(folder.path, name)
  await repository.commit(
    'main',
    { 'README.md': 'Ours.\n', 'manifests/images.json': writeManifest(manifestOf(first)) },
    'Begin',
  )
  const server = await openGitServer(folder.path, token)
  const commands: { readonly args: readonly string[]; readonly url: string | undefined }[] = []
  const real = makeProcesses(folder.path, new AbortController().signal)
  const processes: Processes = {
    run: (command, args, options) => {
      commands.push({ args, url: args.find((one) => one.startsWith('http')) })
      return real.run(command, args, options)
    },
  }
  const files = fakeFiles()
  const clock = fakeClock('2026-02-01T09:00:00Z')
  const images = [first, second].flatMap((ids) => ids.map((id, index) => facts(id, regions[index]!)))
  const places = fakePlaces(clock, images)
  const environment: Record<string, string> = { GITHUB_TOKEN: token, GITLAB_TOKEN: token, SHOP_TOKEN: token }

  const portsFor = (answers: readonly string[]) => {
    const terminal = answering(...answers)
    const proposals: Ports['proposals'] = {
      inClone: (destination, work) => inClone(processes, destination, work),
      requests: (destination) => makeRequests(clock, undefined, destination),
      variable: (variable) => environment[variable],
    }
    const home = places.at({ region: 'us-east-1' })
    return { ...home, at: places.at, files, terminal, clock, proposals } as Partial<Ports> as Ports & {
      terminal: typeof terminal
    }
  }
  return {
    repository,
    server,
    files,
    places,
    environment,
    /** Words of the commands that were run. */
    commands,
    portsFor,
    /** What images.yaml says of the consumer, besides where it is. */
    consumer: (more: string) =>
      files.content.set(
        'manifests/images.yaml',
        `images:\n  web: { regions: [${regions.join(', ')}] }\nconsumer:\n  repository: ${server.url}/${name}.git\n${more}`,
      ),
    publish: (ids: readonly [string, string]) =>
      files.content.set('manifests/images.json', writeManifest(manifestOf(ids))),
    unpublish: () => files.content.delete('manifests/images.json'),
    run: async (more: Partial<Ports> = {}, answers: readonly string[] = ['yes']) => {
      const ports = portsFor(answers)
      const code = await document(settings, { ...ports, ...more })
      const { shown, said, asked } = ports.terminal
      return { code, screen: shown.join('\n'), said: said.join('\n'), asked }
    },
    plan: async () => {
      const ports = portsFor([])
      const code = await planDocument(settings, ports)
      return { code, screen: ports.terminal.shown.join('\n') }
    },
    end: async () => {
      await server.close()
      await folder.remove()
    },
  }
}

export type ConsumerWorld = Awaited<ReturnType<typeof consumerWorld>>
