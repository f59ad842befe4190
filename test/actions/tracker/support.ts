import type { OfFeed } from '../../../scripts/actions/tracker/find-feed.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeDownloads, fakeStore, pageOf } from '../../fakes/feeds.ts'
import { fakeClock, fakeFiles, fakeTerminal } from '../../fakes/image-ports.ts'

export const url = 'https://packages.example.com/el/9/'
export const name = 'trackers/shop/runner/main.txt'
export const settings = {
  ...{ OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', REPO: 'shop', BRANCH: 'main', IMAGE: 'runner' },
  TRACKER: 's3://bucket',
} as const satisfies OfFeed

/** A feed with these versions, and a tracker with those. */
export function world(offered: readonly string[], tracked?: readonly string[], feed = '') {
  const lines = tracked?.map((version) => `runner ${version}\n`).join('')
  const store = fakeStore(lines === undefined ? {} : { [name]: `# Built for main\n${lines}` })
  const terminal = fakeTerminal()
  const page = pageOf(...offered.map((version) => `runner-${version}.x86_64`))
  const files = fakeFiles({
    'manifests/images.yaml': `images:\n  web: {}\n  runner: { feed: { kind: yum-index, url: "${url}"${feed} } }\n`,
  })
  const ports = {
    trackers: { open: () => Promise.resolve(store) },
    downloads: fakeDownloads({ [url]: page, [`${url}old/`]: pageOf('tool-1.0-1.noarch') }),
    clock: fakeClock(),
    files,
    terminal,
  } as Partial<Ports> as Ports
  return { ports, terminal, store, kept: () => store.texts.get(name)?.text.split('\n').slice(1, -1) }
}
