/** Prints which capabilities of docs/capabilities.md passing tests prove, and which are open. `JSON=1` for data. */
import { readFile } from 'node:fs/promises'
import { capabilities, standing } from './runner/capabilities.ts'
import { load } from './runner/results.ts'

const list = capabilities(await readFile('docs/capabilities.md', 'utf8'))
const suites = await load()
const state = standing(list, suites)

if (process.env['JSON'] !== undefined) {
  process.stdout.write(JSON.stringify(state, null, 2) + '\n')
} else {
  for (const { id, text, proofs } of state) {
    process.stdout.write(`${proofs.length > 0 ? 'proved' : 'open  '} ${id} ${text}\n`)
    for (const proof of proofs.slice(0, 3)) process.stdout.write(`            ${proof}\n`)
  }
  const proved = state.filter(({ proofs }) => proofs.length > 0).length
  process.stdout.write(`${proved} of ${state.length} proved\n`)
}
if (suites.length === 0) process.stderr.write('No results of tests yet: run `make test` first.\n')
