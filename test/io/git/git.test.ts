import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeGit } from '../../../scripts/io/git/git.ts'
import { makeProcesses } from '../../../scripts/io/processes.ts'
import { answers, freshPerson } from './support/person.ts'

describe('what git tells us', function () {
  this.timeout(20_000)
  const person = freshPerson()

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

  it('is every tag of the commit that is checked out, and none of another one', async () => {
    const port = makeGit(makeProcesses(person.folder, new AbortController().signal), person.folder)
    assert.deepEqual(await port.tags(), [])
    person.git('config', 'tag.sort', '-refname')
    person.git('tag', 'v1.0.0', 'HEAD~1')
    person.git('tag', 'web/v1.1.0')
    person.git('tag', '-a', '-m', 'Spring', 'größe-1.1')
    assert.deepEqual((await port.tags()).sort(), ['größe-1.1', 'web/v1.1.0'])
    person.git('stash', '-q', '-u')
    person.git('checkout', '-q', 'v1.0.0')
    assert.deepEqual(await port.tags(), ['v1.0.0'])
  })

  it('is a file in every tag and in each late change, before and after, as it was committed', async () => {
    const port = makeGit(makeProcesses(person.folder, new AbortController().signal), person.folder)
    person.git('stash', '-q', '-u')
    const write = (text: string): void => {
      writeFileSync(join(person.folder, 'manifest.json'), text)
      person.git('add', '-A')
      person.git('commit', '-q', '-m', text)
    }
    write('one')
    person.git('tag', 'v1.0.0')
    person.git('tag', '-a', '-m', 'again', 'v1.0.1')
    write('zwei größer')
    const { complete, versions } = await port.versionsOf('manifest.json', new Date(0))
    assert.equal(complete, true)
    const told = versions.map(({ type, name, text }) => [type, type === 'tag' ? name : '', text].join(' '))
    assert.deepEqual(told.sort(), [
      'commit  one',
      'commit  one',
      'commit  zwei größer',
      'tag v1.0.0 one',
      'tag v1.0.1 one',
    ])
    assert.ok(versions.every(({ time }) => time > Date.parse('2026-01-01T00:00:00Z')))
    const { versions: late } = await port.versionsOf('manifest.json', new Date(Date.now() + 86_400_000))
    assert.deepEqual(late.map(({ name }) => name).sort(), ['v1.0.0', 'v1.0.1'])
  })

  it('is read by as many processes for many tags as for one, whatever bytes stand in it (G24)', async () => {
    const processes = makeProcesses(person.folder, new AbortController().signal)
    let started = 0
    const counting: typeof processes = {
      run: (...asked) => {
        started += 1
        return processes.run(...asked)
      },
    }
    const port = makeGit(counting, person.folder)
    person.git('stash', '-q', '-u')
    const texts: string[] = []
    const tag = (content: string | Buffer): void => {
      writeFileSync(join(person.folder, 'manifest.json'), content)
      person.git('add', '-A')
      person.git('commit', '-q', '-m', 'Release')
      person.git('tag', `v${texts.length}.0.0`)
      texts.push(content.toString())
    }
    const read = async (): Promise<readonly string[]> => {
      started = 0
      const { versions } = await port.versionsOf('manifest.json', new Date(Date.now() + 86_400_000))
      return versions.map(({ text }) => text)
    }
    tag('one')
    assert.deepEqual(await read(), texts)
    const forOne = started
    for (const more of ['größer\n', '', `${'0'.repeat(40)} blob 3\nabc\n`, 'last\n\n']) tag(more)
    assert.deepEqual(await read(), texts)
    assert.equal(started, forOne)
    // No UTF-8: told as ever, if not as fast.
    tag(Buffer.from([0x61, 0xff, 0x62]))
    assert.deepEqual(await read(), texts)
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
