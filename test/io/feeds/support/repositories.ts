import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Repositories as their own tools make them. */

export function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${error?.message ?? stderr}`)
  return stdout
}

export type Made = { readonly name: string; readonly version: string; readonly architecture: string }

/** An RPM package of each, with nothing in it; versions are VERSION-RELEASE. */
export function makeRpms(folder: string, packages: readonly Made[]): void {
  mkdirSync(folder, { recursive: true })
  const work = join(folder, 'work')
  mkdirSync(work)
  for (const { name, version, architecture } of packages) {
    const [upstream, release] = version.split('-')
    const spec = [
      `Name: ${name}`,
      `Version: ${upstream}`,
      `Release: ${release}`,
      'Summary: a package of a test',
      'License: none',
      '%description',
      'Nothing & <nothing>.',
      '%files',
      '',
    ]
    writeFileSync(join(work, 'one.spec'), spec.join('\n'))
    run('rpmbuild', ['-bb', '--quiet', '--target', architecture, '--define', `_topdir ${work}`, 'one.spec'], work)
  }
  for (const path of readdirSync(join(work, 'RPMS'), { recursive: true, encoding: 'utf8' }))
    if (path.endsWith('.rpm')) renameSync(join(work, 'RPMS', path), join(folder, path.split('/').at(-1)!))
  rmSync(work, { recursive: true })
}

export const createrepo = (folder: string, ...args: readonly string[]): string =>
  run('createrepo_c', ['--quiet', ...args, '.'], folder)

/** A Debian package of each, with nothing in it. */
export function makeDebs(folder: string, packages: readonly Made[]): void {
  for (const { name, version, architecture } of packages) {
    const root = join(folder, 'root')
    mkdirSync(join(root, 'DEBIAN'), { recursive: true })
    const control = [
      `Package: ${name}`,
      `Version: ${version}`,
      `Architecture: ${architecture}`,
      'Maintainer: a test <test@example.com>',
      'Description: a package of a test',
      ' Package: not-this',
      '',
    ]
    writeFileSync(join(root, 'DEBIAN/control'), control.join('\n'))
    run(
      'dpkg-deb',
      ['--build', '--root-owner-group', 'root', `${name}_${version.replace(':', '%3a')}_${architecture}.deb`],
      folder,
    )
    rmSync(root, { recursive: true })
  }
}

export const scanPackages = (folder: string, ...args: readonly string[]): string =>
  run('dpkg-scanpackages', ['--multiversion', ...args, '.'], folder)

/** Someone who signs: with a key of their own, made for the moment. */
export function makeSigner(home: string, who: string): { readonly publicKey: string; readonly sign: typeof sign } {
  const gpg = (...args: readonly string[]) =>
    run('gpg', ['--batch', '--quiet', '--yes', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], home, {
      GNUPGHOME: home,
    })
  mkdirSync(home, { mode: 0o700, recursive: true })
  gpg('--quick-generate-key', who, 'ed25519', 'sign', '1y')
  const sign = (kind: 'apart' | 'clear', from: string, to: string): void => {
    gpg('--local-user', who, '--armor', '--output', to, kind === 'apart' ? '--detach-sign' : '--clear-sign', from)
  }
  return { publicKey: gpg('--armor', '--export', who), sign }
}

export const read = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8')
