import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Git } from '../../../../scripts/core/ports/local/git.ts'
import type { Processes } from '../../../../scripts/core/ports/local/processes.ts'
import { makeGit } from '../../../../scripts/io/git/git.ts'
import { makeProcesses } from '../../../../scripts/io/processes.ts'

export type Env = Readonly<Record<string, string>>

/** A person's folder and home; what is set here is theirs. */
export type Person = {
  readonly folder: string
  readonly home: string
  readonly git: (...words: readonly string[]) => string
  readonly write: (path: string, text: string, mode?: number) => string
}

/** What it leaves in the environment, and where it leads to another checkout. */
export type Habit = { readonly env?: Env; readonly folder?: string }

const identity = ['-c', 'user.name=Jörg', '-c', 'user.email=joerg@example.com']

function newPerson(): Person {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'riglet person ')))
  const folder = join(home, 'checkout')
  mkdirSync(folder)
  const git: Person['git'] = (...words) =>
    execFileSync('git', [...identity, ...words], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: home, GIT_COMMITTER_DATE: '2026-01-31T12:00:00Z' },
      encoding: 'utf8',
    })
  const write: Person['write'] = (path, text, mode = 0o644) => {
    const file = join(home, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    chmodSync(file, mode)
    return file
  }
  git('init', '-q', '-b', 'main')
  write('checkout/page.txt', 'one\ntwo\n')
  write('checkout/packer/web/größe "1".txt', 'x\n')
  write('checkout/old name.txt', 'a text that is long enough to be found again when it is renamed\n')
  git('add', '.')
  git('commit', '-q', '-m', 'Begin')
  return { folder, home, git, write }
}

/** Answers of our port, with the person's environment. */
export async function answers(person: Person, { env = {}, folder = person.folder }: Habit) {
  const base = makeProcesses(folder, new AbortController().signal)
  const processes: Processes = {
    run: (command, args, options = {}) =>
      base.run(command, args, { ...options, env: { HOME: person.home, ...env, ...options.env } }),
  }
  const port: Git = makeGit(processes, folder)
  const head = await port.head()
  const zip = join(person.home, 'source.zip')
  await port.archive(head, zip, ['packer'])
  const listing = execFileSync(
    'python3',
    [
      '-c',
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); [print(repr(n), z.read(n)) for n in sorted(z.namelist()) if n != "source-tree.json"]',
      zip,
    ],
    { encoding: 'utf8' },
  )
  rmSync(zip)
  return {
    head,
    listing,
    branch: await port.branch(),
    changed: (await port.changed()).sort(),
    relation: await port.relation(head.id.slice(0, 7), `${head.id}~1`),
  }
}

/** Work that is not committed: a change, a rename, a file that is new. */
function leaveWork({ git, write }: Person): void {
  write('checkout/page.txt', 'one\ntwo\nthree\n')
  git('mv', 'old name.txt', 'new name.txt')
  write('checkout/new größe.txt', 'new\n')
}

function sign({ git, home }: Person): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(home, 'key')])
  const key = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${join(home, 'key.pub')}`]
  git(...key, 'commit', '-q', '--allow-empty', '-S', '-m', 'Größe: ship it')
  assert.match(git('cat-file', 'commit', 'HEAD'), /^gpgsig -----BEGIN SSH SIGNATURE-----$/m)
}

/** One for each test of a suite, whose last commit is signed, with work that is not committed. */
export function freshPerson(): Person {
  const person = {} as Person
  beforeEach(() => {
    Object.assign(person, newPerson())
    sign(person)
    leaveWork(person)
  })
  afterEach(() => rmSync(person.home, { recursive: true, force: true }))
  return person
}
