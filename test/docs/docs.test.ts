import assert from 'node:assert/strict'
import { access, glob, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

type Document = { readonly file: string; readonly text: string }

const read = async (file: string): Promise<Document> => ({ file, text: await readFile(file, 'utf8') })
const guides = async (): Promise<string[]> =>
  (await Array.fromAsync(glob('docs/**/*.md'))).filter((file) => file !== 'docs/capabilities.md').sort()
/** All but the list of capabilities, which also tells what is still to come. */
const documents = async (): Promise<readonly Document[]> => Promise.all(['README.md', ...(await guides())].map(read))

/** Commands stand in fenced blocks, a line each, and between backticks. */
const commands = ({ text }: Document): string[] => {
  const fenced = [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, block]) => block!.split('\n'))
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, code]) => code!)
  return [...fenced, ...inline].map((line) => line.trim().replaceAll(/\s+/g, ' '))
}

const makes = (document: Document): { target: string; words: string[] }[] =>
  commands(document).flatMap((line) => {
    const found = /^make ([a-z][a-z-]*)(.*)$/.exec(line)
    return found === null
      ? []
      : [{ target: found[1]!, words: [...found[2]!.matchAll(/\b([A-Z_]+)=/g)].map(([, word]) => word!) }]
  })

const missingIn = async (files: readonly string[]): Promise<string[]> => {
  const found = await Promise.all(
    files.map(async (file) =>
      access(file).then(
        () => [],
        () => [file],
      ),
    ),
  )
  return found.flat()
}

describe('the documents', () => {
  it('name only targets that the Makefile has', async () => {
    const { text } = await read('Makefile')
    const targets = new Set([...text.matchAll(/^([a-z][a-z-]*):/gm)].map(([, target]) => target!))
    const wrong = (await documents()).flatMap((document) =>
      makes(document)
        .filter(({ target }) => !targets.has(target))
        .map(({ target }) => `${document.file}: make ${target}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('pass only what the Makefile hands on', async () => {
    const { text } = await read('Makefile')
    const inputs = new Set(/^INPUTS := ((?:.*\\\n)*.*)$/m.exec(text)![1]!.split(/[\s\\]+/))
    const wrong = (await documents()).flatMap((document) =>
      makes(document).flatMap(({ target, words }) =>
        words.filter((word) => !inputs.has(word)).map((word) => `${document.file}: make ${target} ${word}=`),
      ),
    )
    assert.deepEqual(wrong, [])
  })

  it('have every everyday target somewhere', async () => {
    const { text } = await read('Makefile')
    const section = /##@ Every day\n([\s\S]*?)##@/.exec(text)![1]!
    const daily = [...section.matchAll(/^([a-z][a-z-]*):/gm)].map(([, target]) => target!)
    assert.ok(daily.length > 4)
    const told = new Set((await documents()).flatMap((document) => makes(document).map(({ target }) => target)))
    assert.deepEqual(
      daily.filter((target) => !told.has(target)),
      [],
    )
  })

  it('link only to files that are there', async () => {
    const links = (await documents()).flatMap(({ file, text }) =>
      [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => join(dirname(file), link!)),
    )
    assert.ok(links.length > 10)
    assert.deepEqual(await missingIn([...new Set(links)]), [])
  })

  it('name only files of the house that are there', async () => {
    const named = (await documents()).flatMap((document) =>
      commands(document).filter((code) => /^(?:cloudformation|packer|scripts|test|setup|docs)\/[\w./-]+$/.test(code)),
    )
    assert.deepEqual(await missingIn([...new Set(named)].filter((file) => !file.startsWith('packer/runner'))), [])
  })

  it('explain every error code, and none that does not exist', async () => {
    const { text: source } = await read('scripts/core/errors.ts')
    const union = /export type ErrorCode =\n([\s\S]*?)\n\n/.exec(source)![1]!
    const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code!)
    const { text } = await read('docs/troubleshooting.md')
    const explained = [...text.matchAll(/^### ([A-Z_]+)$/gm)].map(([, code]) => code!)
    assert.deepEqual(explained.toSorted(), codes.toSorted())
  })

  it('explain every setting of .make.example', async () => {
    const { text: example } = await read('.make.example')
    const { text } = await read('docs/getting-started.md')
    const settings = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name!)
    assert.deepEqual(
      settings.filter((name) => !text.includes(`\`${name}\``)),
      [],
    )
  })

  it('begin with what it is, a picture, and the two commands', async () => {
    const { text } = await read('README.md')
    const [title, what, picture] = [
      text.indexOf('# riglet'),
      text.indexOf('ships machine images'),
      text.indexOf('```\n'),
    ]
    const two = text.indexOf('```\nmake demo\nmake test\n```')
    assert.ok(title === 0 && title < what && what < picture && picture < two, 'in another order')
    assert.ok(
      text.split('\n').every((line) => line.length <= 130),
      'lines that no terminal shows whole',
    )
  })
})

describe('the decisions', () => {
  it('are numbered without a gap, and have status, context, decision and consequences', async () => {
    const files = (await Array.fromAsync(glob('docs/architecture/decisions/*.md'))).sort()
    for (const [index, file] of files.entries()) {
      const number = index + 1
      assert.match(file, new RegExp(`/${String(number).padStart(4, '0')}-[a-z0-9-]+\\.md$`))
      const { text } = await read(file)
      assert.match(text, new RegExp(`^# ${number}\\. \\S.*\\n\\nStatus: (?:Accepted|Superseded by \\[.*)\\n`))
      assert.deepEqual(
        [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading),
        ['Context', 'Decision', 'Consequences'],
      )
    }
  })

  it('that templates refer to are there', async () => {
    const templates = await Promise.all((await Array.fromAsync(glob('cloudformation/**/*.yaml'))).map(read))
    const numbers = templates.flatMap(({ text }) =>
      [...text.matchAll(/\(decision (\d{4})\)/g)].map(([, number]) => number!),
    )
    const there = new Set(
      (await Array.fromAsync(glob('docs/architecture/decisions/*.md'))).map((file) =>
        file.split('/').at(-1)!.slice(0, 4),
      ),
    )
    assert.ok(numbers.length > 2)
    assert.deepEqual(
      numbers.filter((number) => !there.has(number)),
      [],
    )
  })
})
