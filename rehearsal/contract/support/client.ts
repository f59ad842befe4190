import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { after, before } from 'mocha'
import type { Ground } from './ground.ts'

const run = promisify(execFile)

export type Said = { readonly code: number; readonly stdout: string; readonly stderr: string; readonly all: string }
export type Client = {
  /** A folder of the test's own, in which the program runs; it is the program's home, too. */
  folder: string
  run: (program: string, ...words: readonly string[]) => Promise<Said>
}

/** Runs programs made for AWS against the rehearsal; `install` names one of contract/clients, which is brought first. */
export function clientOn(ground: Ground, install?: 'cdk' | 'sceptre'): Client {
  const client = {} as Client
  before(async function () {
    this.timeout(600_000)
    client.folder = await mkdtemp(join(tmpdir(), 'client-'))
    const programs =
      install && (await run('bash', [resolve(import.meta.dirname, '../../setup/client'), install])).stdout.trim()
    const path = [programs, process.env['PATH']].filter(Boolean).join(':')
    client.run = async (program, ...words) => {
      const env = { PATH: path, HOME: client.folder, LANG: 'C.UTF-8', ...ground.rehearsal.env }
      try {
        const { stdout, stderr } = await run(program, words, { cwd: client.folder, env })
        return { code: 0, stdout, stderr, all: stdout + stderr }
      } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
        return { code, stdout, stderr, all: stdout + stderr }
      }
    }
  })
  after(() => rm(client.folder, { recursive: true, force: true }))
  return client
}
