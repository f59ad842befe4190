import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { scriptEnvironment } from './environment.ts'

const root = resolve(import.meta.dirname, '../../..')

export type Told = {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

/** A person's home folder, and what `make check-env` tells whoever lives there. */
export type Home = {
  readonly path: string
  readonly write: (file: string, text: string) => void
  readonly run: (environment: Readonly<Record<string, string>>, command?: readonly string[]) => Promise<Told>
  readonly remove: () => void
}

/** The check looks up the account, so it needs credentials and reaches AWS. */
export const check = [process.execPath, '--disable-warning=ExperimentalWarning', 'scripts/riglet.ts', 'riglet', 'check']

export function makeHome(): Home {
  const path = mkdtempSync(join(tmpdir(), 'riglet-home-'))
  return {
    path,
    write: (file, words) => {
      mkdirSync(dirname(join(path, file)), { recursive: true })
      writeFileSync(join(path, file), words)
    },
    run: (environment, [program, ...words] = check) =>
      new Promise((tell) => {
        const began = Date.now()
        const child = spawn(program!, words, {
          cwd: root,
          stdio: ['ignore', 'pipe', 'pipe'],
          env: scriptEnvironment({ HOME: path, OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1', ...environment }),
        })
        let stdout = ''
        let stderr = ''
        child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
        child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
        child.on('close', (code) => tell({ code, stdout, stderr, seconds: (Date.now() - began) / 1000 }))
      }),
    remove: () => rmSync(path, { recursive: true }),
  }
}
