import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const folder = resolve(import.meta.dirname, 'golden')

/** Holds a screen against its file under test/golden; UPDATE_GOLDEN=1 writes the file instead. */
export function matchesGolden(name: string, screen: string): void {
  const file = resolve(folder, `${name}.txt`)
  const text = `${screen}\n`
  if (process.env['UPDATE_GOLDEN']) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, text)
  }
  assert.equal(text, readFileSync(file, 'utf8'))
}
