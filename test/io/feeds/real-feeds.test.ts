import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { readFeed } from '../../../scripts/actions/feeds/read-feed.ts'
import type { Feed, Offer } from '../../../scripts/core/feeds/feed.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { makeDownloads } from '../../../scripts/io/feeds/downloads.ts'
import { makeFiles } from '../../../scripts/io/files.ts'
import { failureOf } from '../../support/failure.ts'
import { feedServer, filesOf } from './support/feed-server.ts'
import { createrepo, makeDebs, makeRpms, makeSigner, read, run, scanPackages } from './support/repositories.ts'

const home = mkdtempSync(join(tmpdir(), 'riglet-feeds-'))
const both = ['x86_64', 'arm64']

/** Packages that createrepo_c, dpkg-scanpackages and gpg really made. */
describe('a repository of packages', function () {
  this.timeout(120_000)
  const server = feedServer(filesOf(() => home))
  const ports = {
    downloads: makeDownloads({ allowed: ['127.0.0.1'], patience: 20_000 }),
    files: makeFiles(home),
    clock: { now: () => new Date(), sleep: () => Promise.resolve() },
  } as Partial<Ports> as Ports
  const feed = (path: string, more: Partial<Feed>): Feed => ({
    kind: 'yum',
    url: `${server.url}${path}`,
    product: 'runner',
    major: '17',
    key: undefined,
    distribution: './',
    component: 'main',
    bases: ['debian-12'],
    ...more,
  })
  const readAll = (path: string, more: Partial<Feed> = {}): Promise<Offer> => readFeed(feed(path, more), both, ports)
  const versionsOf = ({ releases }: Offer) =>
    releases.map(({ version, architectures }) => [version, ...architectures].join(' '))
  const refused = async (path: string, more: Partial<Feed> = {}) => failureOf(readAll(path, more))

  let other = ''
  before(() => {
    const signer = makeSigner(join(home, 'gnupg'), 'owner@example.com')
    other = makeSigner(join(home, 'gnupg-other'), 'other@example.com').publicKey
    writeFileSync(join(home, 'owner.asc'), signer.publicKey)
    writeFileSync(join(home, 'other.asc'), other)
    const rpms = join(home, 'rpms')
    makeRpms(rpms, [
      { name: 'runner', version: '17.10.0-1', architecture: 'x86_64' },
      { name: 'runner', version: '17.9.0-1', architecture: 'x86_64' },
      { name: 'runner', version: '17.9.0-1', architecture: 'aarch64' },
      { name: 'runner', version: '17.11.0~rc1-1', architecture: 'noarch' },
      { name: 'runner', version: '16.9-1', architecture: 'x86_64' },
      { name: 'runner', version: '170.1-1', architecture: 'x86_64' },
      { name: 'runner-helper', version: '17.9.0-1', architecture: 'x86_64' },
    ])
    for (const type of ['gz', 'xz']) {
      const folder = join(home, type)
      run('cp', ['-r', rpms, folder], home)
      createrepo(folder, '--general-compress-type', type)
      signer.sign('apart', join(folder, 'repodata/repomd.xml'), join(folder, 'repodata/repomd.xml.asc'))
    }
    const links = readdirSync(rpms).map((name) => `<li><A HREF="${encodeURIComponent(name)}?a=1">${name}</a>`)
    mkdirSync(join(home, 'index'))
    writeFileSync(join(home, 'index/page'), `<html><ul>${links.join('\n')}<a href="../">up</a></ul>`)

    const debs = [
      { name: 'runner', version: '17.10.0-1', architecture: 'amd64' },
      { name: 'runner', version: '2:17.9.0-1', architecture: 'all' },
      { name: 'runner', version: '17.9.0-1+b1', architecture: 'arm64' },
      { name: 'runner', version: '16.9-1', architecture: 'amd64' },
      { name: 'runner-helper', version: '17.9.0-1', architecture: 'amd64' },
    ]
    const flat = join(home, 'flat')
    mkdirSync(flat)
    makeDebs(flat, debs)
    writeFileSync(join(flat, 'Packages.gz'), gzipSync(scanPackages(flat)))
    const dist = join(home, 'apt/dists/bookworm')
    for (const architecture of ['amd64', 'arm64']) {
      const list = join(dist, 'main', `binary-${architecture}`)
      mkdirSync(list, { recursive: true })
      writeFileSync(join(list, 'Packages'), scanPackages(flat, '--arch', architecture))
      run(architecture === 'amd64' ? 'xz' : 'gzip', ['--keep', 'Packages'], list)
    }
    writeFileSync(join(dist, 'Release'), run('apt-ftparchive', ['release', '.'], dist))
    signer.sign('clear', join(dist, 'Release'), join(dist, 'InRelease'))
  })
  after(() => rmSync(home, { recursive: true }))

  const offered = ['17.9.0-1 x86_64 arm64', '17.10.0-1 x86_64', '17.11.0~rc1-1 x86_64 arm64']
  for (const type of ['gz', 'xz'])
    it(`of YUM, packed as ${type} by createrepo_c: its versions, of one product and major version, in order (S02, S13)`, async () => {
      assert.deepEqual(versionsOf(await readAll(type)), offered)
      assert.deepEqual(versionsOf(await readAll(type, { key: 'owner.asc' })), offered)
    })

  it('of YUM, by a page of links alone (S02)', async () => {
    const page = await readAll('index/page', { kind: 'yum-index' })
    assert.deepEqual(versionsOf(page), offered)
  })

  it('of APT, a folder by dpkg-scanpackages, and a distribution with its signature (S02)', async () => {
    const apt = { kind: 'apt', distribution: 'bookworm' } as const
    const versions = ['17.9.0-1+b1 arm64', '17.10.0-1 x86_64', '2:17.9.0-1 x86_64 arm64']
    assert.deepEqual(versionsOf(await readAll('flat', { kind: 'apt' })), versions)
    assert.deepEqual(versionsOf(await readAll('apt', { ...apt, key: 'owner.asc' })), versions)
    assert.deepEqual(versionsOf(await readAll('apt', { ...apt, key: 'owner.asc', major: undefined })), [
      '16.9-1 x86_64',
      ...versions,
    ])
  })

  it('is refused when another key signed it, or nobody did, with what helps', async () => {
    const yum = await refused('gz', { key: 'other.asc' })
    assert.match(yum.message, /repodata\/repomd\.xml: it is not signed by a key of other\.asc: /)
    assert.match(yum.remedy, /Nothing was built\. .*put that into other\.asc/)
    const apt = await refused('apt', { kind: 'apt', distribution: 'bookworm', key: 'other.asc' })
    assert.match(apt.message, /bookworm\/InRelease: it is not signed by a key of other\.asc/)
    assert.match((await refused('flat', { kind: 'apt', key: 'owner.asc' })).message, /there is no such file/)
    writeFileSync(join(home, 'none.asc'), 'no key')
    assert.match((await refused('gz', { key: 'none.asc' })).message, /^none\.asc: /)
  })

  it('is refused when its metadata was changed after it was signed', async () => {
    run('cp', ['-r', 'gz', 'changed'], home)
    const path = join(home, 'changed/repodata/repomd.xml')
    writeFileSync(path, read(path).replace('<revision>', '<revision>1'))
    assert.match((await refused('changed', { key: 'owner.asc' })).message, /not signed by a key of owner\.asc/)
    run('cp', ['-r', 'apt', 'added'], home)
    const release = join(home, 'added/dists/bookworm/InRelease')
    const whole = read(release)
    const forged = `SHA256:\n ${'0'.repeat(64)} 1 main/binary-amd64/Packages.zst\n`
    const apt = { kind: 'apt', distribution: 'bookworm', key: 'owner.asc' } as const
    writeFileSync(release, whole.replace('SHA256:\n', forged))
    assert.match((await refused('added', apt)).message, /InRelease: it is not signed by a key of owner\.asc/)
    // What stands outside of what was signed is not even read.
    writeFileSync(release, `${forged}\n${whole}`)
    assert.equal(versionsOf(await readAll('added', apt)).length, 3)
  })

  it('is refused when a list of packages is another one than its metadata says', async () => {
    run('cp', ['-r', 'gz', 'other'], home)
    const folder = join(home, 'other/repodata')
    const name = readdirSync(folder).find((one) => one.endsWith('primary.xml.gz'))!
    const text = gunzipSync(readFileSync(join(folder, name)))
    writeFileSync(join(folder, name), gzipSync(text.toString().replace('17.10.0', '17.99.0')))
    const yum = await refused('other')
    assert.match(
      yum.message,
      /primary\.xml\.gz: it is not what the repository's metadata says: its sha256 is [0-9a-f]{64}, not/,
    )
    assert.match(yum.remedy, /^Nothing was built\./)
    run('cp', ['-r', 'apt', 'apt-other'], home)
    run(
      'sh',
      ['-c', 'printf "Package: runner" | gzip > Packages.gz'],
      join(home, 'apt-other/dists/bookworm/main/binary-arm64'),
    )
    const apt = await refused('apt-other', { kind: 'apt', distribution: 'bookworm' })
    assert.match(apt.message, /binary-arm64\/Packages\.gz: it is not what the repository's metadata says/)
  })

  it('is refused by name where a file, a distribution or a component is missing', async () => {
    assert.match((await refused('nowhere')).message, /nowhere\/repodata\/repomd\.xml: there is no such file/)
    const component = await refused('apt', { kind: 'apt', distribution: 'bookworm', component: 'contrib' })
    assert.match(component.message, /it has no list "contrib\/binary-amd64\/Packages"/)
    assert.match(component.remedy, /It has "main\/binary-amd64\/Packages/)
  })
})
