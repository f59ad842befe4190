import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Git } from '../../../scripts/core/ports/local/git.ts'
import type { Processes } from '../../../scripts/core/ports/local/processes.ts'
import { makeGit } from '../../../scripts/io/git/git.ts'
import { makeProcesses } from '../../../scripts/io/processes.ts'

type Env = Readonly<Record<string, string>>

/** A person's folder and home; what is set here is theirs. */
type Person = {
  readonly folder: string
  readonly home: string
  readonly git: (...words: readonly string[]) => string
  readonly write: (path: string, text: string, mode?: number) => string
}

/** What it leaves in the environment, and where it leads to another checkout. */
type Habit = { readonly env?: Env; readonly folder?: string }

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
async function answers(person: Person, { env = {}, folder = person.folder }: Habit) {
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

const config =
  (...pairs: readonly (readonly [string, string])[]) =>
  ({ git }: Person): Habit => {
    for (const [name, value] of pairs) git('config', name, value)
    return {}
  }

const everywhere =
  (text: string) =>
  ({ write }: Person): Habit => {
    write('.gitconfig', text)
    return {}
  }

const exported = (env: Env) => (): Habit => ({ env })

const habits: Readonly<Record<string, (person: Person) => Habit>> = {
  'log.showSignature': config(['log.showSignature', 'true']),
  'log.showSignature for all': everywhere('[log]\n showSignature = true\n decorate = full\n date = relative\n'),
  'format.pretty and log.*': config(['format.pretty', 'oneline'], ['log.date', 'relative'], ['log.mailmap', 'true']),
  'color.*': config(['color.ui', 'always'], ['color.status', 'always']),
  'core.quotePath': config(['core.quotePath', 'true']),
  'status.*': config(
    ['status.short', 'true'],
    ['status.branch', 'true'],
    ['status.showUntrackedFiles', 'no'],
    ['status.showStash', 'true'],
    ['status.renames', 'copies'],
    ['status.relativePaths', 'true'],
  ),
  'diff.*': config(
    ['diff.external', '/bin/false'],
    ['diff.renames', 'copies'],
    ['diff.noprefix', 'true'],
    ['diff.ignoreSubmodules', 'all'],
  ),
  'core.autocrlf': config(['core.autocrlf', 'true']),
  'core.autocrlf for all': everywhere('[core]\n autocrlf = true\n eol = crlf\n'),
  'i18n.*': config(['i18n.logOutputEncoding', 'ISO-8859-1']),
  'core.pager': config(['core.pager', '/bin/false'], ['pager.status', 'true'], ['pager.archive', 'true']),
  'core.attributesFile': (person) =>
    config(['core.attributesFile', person.write('attributes', '*.txt text eol=crlf\npage.txt export-ignore\n')])(
      person,
    ),
  'info/attributes': ({ write }) => {
    write('checkout/.git/info/attributes', '*.txt text eol=crlf\npage.txt export-ignore\n')
    return {}
  },
  aliases: config(['alias.status', '!false'], ['alias.archive', '!false'], ['alias.rev-list', '!false']),
  hooks: (person) => {
    person.write('hooks/post-index-change', '#!/bin/sh\necho hooked\necho hooked >"$HOME/hooked"\n', 0o755)
    return config(['core.hooksPath', join(person.home, 'hooks')])(person)
  },
  'core.fsmonitor': (person) =>
    config(['core.fsmonitor', person.write('monitor', '#!/bin/sh\nprintf "token\\0"\n', 0o755)])(person),
  'core.untrackedCache and index.*': config(['core.untrackedCache', 'true'], ['index.version', '4']),
  'init.* and a template': (person) => {
    person.write('template/info/attributes', 'page.txt export-ignore\n')
    return everywhere(`[init]\n templateDir = ${join(person.home, 'template')}\n defaultBranch = x\n`)(person)
  },
  'a checkout that somebody else owns': exported({ GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }),
  'GIT_DIR and its kin': exported({
    GIT_DIR: '/nowhere',
    GIT_WORK_TREE: '/',
    GIT_INDEX_FILE: '/nowhere/index',
    GIT_OBJECT_DIRECTORY: '/nowhere/objects',
    GIT_NAMESPACE: 'x',
    GIT_PREFIX: 'packer/',
    GIT_COMMON_DIR: '/nowhere',
  }),
  'GIT_CONFIG_*': exported({
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'log.showSignature',
    GIT_CONFIG_VALUE_0: 'true',
    GIT_CONFIG_KEY_1: 'core.attributesFile',
    GIT_CONFIG_VALUE_1: '/dev/null',
    GIT_PAGER: '/bin/false',
    GIT_EXTERNAL_DIFF: '/bin/false',
    GIT_GLOB_PATHSPECS: '1',
  }),
  'a replaced commit': ({ git }) => {
    git('replace', 'HEAD', 'HEAD~1')
    return {}
  },
  'a sparse checkout': ({ git }) => {
    git('sparse-checkout', 'set', '--no-cone', '/page.txt', '/new*', '/*.txt')
    return {}
  },
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

describe('what git tells us', function () {
  this.timeout(20_000)
  let person: Person

  beforeEach(() => {
    person = newPerson()
    sign(person)
    leaveWork(person)
  })
  afterEach(() => rmSync(person.home, { recursive: true, force: true }))

  it('is the last commit, its branch, what is not in it, and its files as they were committed', async () => {
    const { head, listing, branch, changed, relation } = await answers(person, {})
    assert.deepEqual([head.message, head.author], ['Größe: ship it', 'Jörg'])
    assert.match(head.id, /^[0-9a-f]{40}$/)
    assert.equal(new Date(head.time).toISOString(), '2026-01-31T12:00:00.000Z')
    assert.deepEqual(changed, ['new größe.txt', 'new name.txt', 'old name.txt', 'page.txt'])
    assert.deepEqual([branch, relation], ['main', 'newer'])
    assert.deepEqual(listing.trimEnd().split('\n'), [
      "'old name.txt' b'a text that is long enough to be found again when it is renamed\\n'",
      "'packer/' b''",
      "'packer/web/' b''",
      "'packer/web/größe \"1\".txt' b'x\\n'",
      "'page.txt' b'one\\ntwo\\n'",
    ])
  })

  for (const [title, habit] of Object.entries(habits)) {
    it(`is the same with ${title}`, async () => {
      const plain = await answers(person, {})
      assert.deepEqual(await answers(person, habit(person)), plain)
    })
  }

  it('runs none of a person’s hooks', async () => {
    await answers(person, habits['hooks']!(person))
    assert.throws(() => readFileSync(join(person.home, 'hooked')), /ENOENT/)
  })

  it('is the same in a worktree that is linked to the checkout', async () => {
    person.git('stash', '-q', '-u')
    const plain = await answers(person, {})
    const folder = join(person.home, 'linked')
    person.git('worktree', 'add', '-q', '-b', 'other', folder)
    assert.deepEqual(await answers(person, { folder }), { ...plain, branch: 'other' })
  })

  it('is the folder’s own where the checkout lies in a larger repository', async () => {
    const { listing } = await answers(person, { folder: join(person.folder, 'packer') })
    assert.deepEqual(listing.trimEnd().split('\n'), ["'web/' b''", "'web/größe \"1\".txt' b'x\\n'"])
  })

  it('names a file whose name is not UTF-8', async () => {
    execFileSync('bash', ['-c', 'printf x >"$(printf "caf\\xe9.txt")"'], { cwd: person.folder })
    const { changed } = await answers(person, {})
    assert.ok(changed.includes('caf\ufffd.txt'), changed.join())
  })

  it('is no branch where HEAD is detached', async () => {
    person.git('checkout', '-q', '--detach')
    assert.equal((await answers(person, {})).branch, undefined)
  })

  it('is how one commit stands to another', async () => {
    const port = makeGit(makeProcesses(person.folder, new AbortController().signal), person.folder)
    const at = (name: string): string => person.git('rev-parse', name).trim()
    const [last, first] = [at('HEAD'), at('HEAD~1')]
    person.git('stash', '-q', '-u')
    person.git('checkout', '-q', '-b', 'side', 'HEAD~1')
    person.git('commit', '-q', '--allow-empty', '-m', 'Aside')
    const cases: readonly [string, string, string][] = [
      [last, last, 'same'],
      [last, first.slice(0, 7), 'newer'],
      [first, last, 'older'],
      [at('side'), last, 'apart'],
      [last, '0123456', 'unknown'],
      [last, '--help', 'unknown'],
    ]
    for (const [one, to, expected] of cases) assert.equal(await port.relation(one, to), expected, to)
  })
})
