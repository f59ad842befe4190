/**
 * Makes github.openapi.json anew: what GitHub's own description of its API says of the few calls that riglet makes. The
 * whole of it takes 400 MB in a node_modules, which nobody should have to unpack for three calls.
 *
 *   node_modules/.bin/node test/support/hosts/extract-description.ts VERSION
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
type Tree = { [name: string]: Tree }

const operations: readonly (readonly [string, readonly string[]])[] = [
  ['/repos/{owner}/{repo}/pulls', ['get', 'post']],
  ['/repos/{owner}/{repo}/pulls/{pull_number}', ['patch']],
]
const examples = ['pull-request-simple-items', 'pull-request']
const member = 'package/generated/api.github.com.json'

/** Words for readers, and examples, of which the few that answers are made of are kept by name. */
const left = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'x-github', 'tags'])

/** `named`: these are names of properties, not words of a schema. */
function pruned(node: Json, named = false): Json {
  if (Array.isArray(node)) return node.map((each) => pruned(each))
  if (node === null || typeof node !== 'object') return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => named || !left.has(name))
      .map(([name, value]) => [name, pruned(value, name === 'properties' && !named)]),
  )
}

const at = (root: Json, steps: readonly string[]): Json =>
  steps.reduce<Json>((node, step) => (node as { [name: string]: Json })[step]!, root)

function put(root: Tree, steps: readonly string[], value: Json): void {
  const [last = '', ...before] = steps.toReversed()
  const parent = before.toReversed().reduce((node, step) => (node[step] ??= {}), root)
  parent[last] = value as Tree
}

const refsIn = (node: Json): readonly string[] =>
  [...JSON.stringify(node).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!)

const version = process.argv[2]!
const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
try {
  const packed = execFileSync('npm', ['pack', `@octokit/openapi@${version}`, '--json', '--pack-destination', folder])
  const [{ filename, integrity }] = JSON.parse(packed.toString()) as [{ filename: string; integrity: string }]
  execFileSync('tar', ['-C', folder, '-xzf', join(folder, filename), member])
  const whole = JSON.parse(readFileSync(join(folder, member), 'utf8')) as Json

  const extract: Tree = {}
  const desired: string[][] = operations.flatMap(([path, methods]) => methods.map((method) => ['paths', path, method]))
  const seen = new Set<string>()
  for (let steps = desired.shift(); steps !== undefined; steps = desired.shift()) {
    if (seen.has(steps.join('\n'))) continue
    seen.add(steps.join('\n'))
    const value = pruned(at(whole, steps))
    put(extract, steps, value)
    desired.push(...refsIn(value).map((ref) => ref.split('/')))
  }
  for (const name of examples)
    put(extract, ['components', 'examples', name], at(whole, ['components', 'examples', name]))
  const from = { package: '@octokit/openapi', version, integrity, file: member }
  const file = join(import.meta.dirname, 'github.openapi.json')
  writeFileSync(file, `${JSON.stringify({ from, ...extract })}\n`)
} finally {
  rmSync(folder, { recursive: true })
}
