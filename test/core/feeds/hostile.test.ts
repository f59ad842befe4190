import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readAptRelease, readPackages } from '../../../scripts/core/feeds/apt.ts'
import { feedUnreadable, quoted } from '../../../scripts/core/feeds/errors.ts'
import { readHtmlIndex } from '../../../scripts/core/feeds/html-index.ts'
import { makeSieve, type Entry } from '../../../scripts/core/feeds/sieve.ts'
import { Unreadable } from '../../../scripts/core/feeds/xml.ts'
import { readPrimary, readRepomd } from '../../../scripts/core/feeds/yum.ts'

const repomd = (data: string): string => `<repomd xmlns="http://linux.duke.edu/metadata/repo">${data}</repomd>`
const sum = 'a'.repeat(64)

describe('metadata that means harm', () => {
  const refuses = (what: string, text: string, why: RegExp): void => {
    it(`is refused: ${what}`, () =>
      assert.throws(
        () => readRepomd(text),
        (error: Error) => error instanceof Unreadable && why.test(error.message),
      ))
  }
  refuses('entities', '<!DOCTYPE a [<!ENTITY b "c">]><repomd>&b;</repomd>', /document type/)
  refuses('entities that multiply', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><repomd/>', /document type/)
  refuses('files of this machine', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><repomd/>', /document type/)
  refuses('endless nesting', '<a>'.repeat(1000), /nested deeper/)
  refuses('half a file', '<repomd><data type="primary">', /not XML/)
  refuses('a web page', '<html><br>Sorry</html>', /not XML/)
  refuses('no list of packages', repomd('<data type="other"/>'), /names no list of packages/)
  for (const type of ['md5', 'sha', 'sha1', ''])
    refuses(
      `a checksum that proves nothing (${type || 'none'})`,
      repomd(`<data type="primary"><checksum type="${type}">${sum}</checksum><location href="a.gz"/></data>`),
      /proves nothing/,
    )
  refuses('a text without end, in pieces', `<a>${'x'.repeat(1_200_000)}</a>`, /text of more than/)

  it('is refused although it comes in pieces: a name without end', () => {
    const reader = readPrimary(() => undefined)
    assert.throws(() => {
      reader.write('<metadata><package ')
      for (let piece = 0; piece < 100; piece += 1) reader.write('a'.repeat(65_536))
    }, Unreadable)
    assert.throws(() => {
      const lines = readPackages(() => undefined)
      for (let piece = 0; piece < 100; piece += 1) lines.write('a'.repeat(65_536))
    }, Unreadable)
  })

  it('leaves versions out that could be none, and tells them as they are (S13)', () => {
    const sieve = makeSieve({ kind: 'yum', product: 'runner', major: undefined }, ['x86_64'])
    for (const version of ['1.0-1', '1.0;reboot-1', '$(id)-1', '\u001b[2J-1', '../../x-1', '', '1'.repeat(200)])
      sieve.add({ name: 'runner', version, architecture: 'x86_64' })
    const { releases, leftOut } = sieve.offer()
    assert.deepEqual(releases, [{ version: '1.0-1', architectures: ['x86_64'] }])
    assert.equal(leftOut.length, 6)
    assert.equal(quoted(leftOut[2]!), '"\\u001b[2J-1"')
  })

  it('shows no sign that a terminal would obey', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const { message } = feedUnreadable(`https://a/${text}`, text)
        assert.doesNotMatch(message + quoted(text), /[\p{Cc}\p{Cf}\u2028\u2029]/u)
      }),
    )
  })

  it('ends in a plain fault, or in versions, whatever it is', () => {
    const ends = (read: (text: string) => void) =>
      fc.property(
        fc.array(
          fc.constantFrom(
            '<',
            '>',
            '<a>',
            '</a>',
            '<package>',
            'href="',
            'a-1-1.x86_64.rpm',
            '"',
            '&#',
            'SHA256:\n',
            '%',
            '\0',
            'é',
          ),
        ),
        (words) => {
          try {
            read(words.join(''))
          } catch (error) {
            assert.ok(error instanceof Unreadable, String(error))
          }
        },
      )
    const entries: Entry[] = []
    const whole = (text: string) => {
      const reader = readPrimary((entry) => entries.push(entry))
      reader.write(text)
      reader.end()
    }
    for (const read of [
      readRepomd,
      readAptRelease,
      whole,
      (text: string) => readHtmlIndex(text, (one) => entries.push(one)),
    ])
      fc.assert(ends(read))
  })
})

describe('a major version', () => {
  for (const [version, major, kept] of [
    ['17.4-1', '17', true],
    ['2:17.4-1', '17', true],
    ['170.1-1', '17', false],
    ['17.4-1', '17.4', true],
    ['17.40-1', '17.4', false],
    ['1.17-1', '17', false],
    ['1.17-1', undefined, true],
  ] as const)
    it(`${major ?? 'that nobody named'} ${kept ? 'has' : 'has not'} ${version} (S02)`, () => {
      const sieve = makeSieve({ kind: 'apt', product: 'a', major }, ['x86_64'])
      sieve.add({ name: 'a', version, architecture: 'amd64' })
      assert.equal(sieve.offer().releases.length, kept ? 1 : 0)
    })
})
