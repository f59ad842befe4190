import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Env, type Person, type Habit, answers, freshPerson } from './support/person.ts'

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

describe('what git tells us', function () {
  this.timeout(20_000)
  const person = freshPerson()

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
})
