import { spawnSync } from 'node:child_process'
import { writeManifest } from '../../scripts/core/manifest/manifest.ts'
import { regions, role } from './places.ts'
import { consumer, type Release } from './seed.ts'

/** A commit and a tag for each release that is new, the last one checked out: one process for all of them. */
export function tagReleases(
  folder: string,
  accounts: readonly string[],
  releases: readonly Release[],
  from: number,
): void {
  const now = Math.floor(Date.now() / 1000)
  const desired = desiredImages(accounts)
  const stream = releases
    .slice(from)
    .flatMap((release, index) => [
      `commit refs/heads/main\ncommitter Bench <bench@example.com> ${now} +0000\n${data('Release')}`,
      index === 0 ? 'from refs/heads/main^0\n' : '',
      `M 100644 inline manifests/images.yaml\n${data(desired)}`,
      `M 100644 inline manifests/images.json\n${data(manifestOf(release))}`,
      `\nreset refs/tags/v1.${from + index}.0\nfrom refs/heads/main\n\n`,
    ])
  git(folder, ['fast-import', '--quiet'], stream.join(''))
  git(folder, ['reset', '-q', '--hard'])
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`

function git(cwd: string, words: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync('git', words, { cwd, input, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${words.join(' ')} ended with ${status}: ${stderr}`)
}

const manifestOf = (release: Release): string =>
  writeManifest(
    Object.fromEntries(
      [...Map.groupBy(release, ({ place }) => place.useCase)].map(([useCase, all]) => [
        useCase,
        Object.fromEntries(all.map(({ place, entry }) => [place.region, [entry]])),
      ]),
    ),
  )

/** A use case for each account, in all regions; `one` and `six` are copied to as many in the end. */
function desiredImages([, ...others]: readonly string[]): string {
  const everywhere = `regions: [${regions.join(', ')}]`
  const lines = [
    'accounts:',
    ...others.map((id, index) => `  other${index + 1}: { account: "${id}", role: ${role}, ${everywhere} }`),
    `  consumer: { account: "${consumer}" }`,
    'images:',
    `  web0: { ${everywhere}, shareWith: [consumer] }`,
    ...others.map(
      (_, index) => `  web${index + 1}: { account: other${index + 1}, ${everywhere}, shareWith: [consumer] }`,
    ),
    `  one: { account: other1, encryption: false, regions: [${regions[0]}] }`,
    `  six: { account: other1, encryption: false, ${everywhere} }`,
  ]
  return `${lines.join('\n')}\n`
}
