import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publish } from '../../../scripts/actions/distribution/publish.ts'
import { replicate } from '../../../scripts/actions/distribution/replicate.ts'
import { showPublished } from '../../../scripts/actions/distribution/show-published.ts'
import { makeFiles } from '../../../scripts/io/files.ts'
import { candidate, settings, threeRegions, world } from './world.ts'

describe('the history of the manifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'riglet-audit-'))
  after(() => rmSync(folder, { recursive: true }))
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...words], {
      cwd: folder,
      encoding: 'utf8',
    })

  it('tells who published what when, and nothing that stayed as it was (G23)', async () => {
    const next = {
      ...candidate,
      id: 'ami-00000002',
      name: 'acme-shop/candidate/web/1.4.3-4d1a90bb-20260201T120000Z',
      tags: { ...candidate.tags, Version: '1.4.3', Inputs: '4d1a90bb'.repeat(8) },
    }
    const { ports: all, terminal } = world(threeRegions, ['yes', 'yes', 'yes', 'yes'], [candidate, next])
    git('init', '-q')
    mkdirSync(join(folder, 'manifests'))
    writeFileSync(join(folder, 'manifests/images.yaml'), threeRegions)
    const ports = { ...all, files: makeFiles(folder) }
    for (const { id, tags } of [candidate, next]) {
      assert.equal(await replicate({ ...settings, IMAGE_ID: id }, ports), 0)
      assert.equal(await publish({ ...settings, IMAGE_ID: id }, ports), 0)
      git('add', '-A')
      git('commit', '-q', '-m', `Publish ${tags['Version']}`)
    }
    const log = git('log', '-p', '--format=%an: %s', '--', 'manifests/images.json')
    const [newest = ''] = log.split('\nAnn: ')
    assert.match(newest, /^Ann: Publish 1\.4\.3\n/)
    const changed = newest.split('\n').filter((line) => /^[-+] /.test(line))
    // An id and a name in each of three regions, before and after.
    assert.equal(changed.length, 12)
    assert.ok(
      changed.every((line) => /^[-+] +"(?:id|name)": "(?:ami-|acme-shop\/)/.test(line)),
      changed.join('\n'),
    )
    await showPublished({}, ports)
    assert.equal([...terminal.shown.at(-1)!.matchAll(/^web {2}\S+ +x86_64 {2}ami-\w+ {2}not public$/gm)].length, 3)
  })
})
