import { execFile } from 'node:child_process'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { checkout, edits } from './user.ts'

const run = promisify(execFile)

/** A team's own repository, which has nothing of riglet but the folder of its image. */
export type Repository = {
  readonly folder: string
  /** Runs git there; returns what it printed. */
  readonly git: (...words: readonly string[]) => Promise<string>
  readonly commits: (message: string, path: string, edit: (text: string) => string) => Promise<void>
  readonly leaves: () => Promise<void>
}

export async function newRepository(image: string): Promise<Repository> {
  const folder = join(checkout, '.state', 'journeys', `the ${image} team (theirs)`)
  const at = join(folder, 'packer', image)
  const git = async (...words: readonly string[]): Promise<string> => (await run('git', words, { cwd: folder })).stdout
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await cp(join(checkout, 'packer/web'), at, { recursive: true })
  await rename(join(at, 'web.pkrvars.hcl'), join(at, `${image}.pkrvars.hcl`))
  await edits(join(at, 'image.pkr.hcl'), (text) =>
    text.replaceAll('"web"', `"${image}"`).replaceAll('.web"', `.${image}"`),
  )
  await git('init', '-q', '-b', 'main')
  await git('config', 'user.name', 'Their Team')
  await git('config', 'user.email', 'team@example.com')
  await git('add', '-A')
  await git('commit', '-q', '-m', 'Begin')
  return {
    folder,
    git,
    commits: async (message, path, edit) => {
      await edits(join(folder, path), edit)
      await git('commit', '-q', '-a', '-m', message)
    },
    leaves: () => rm(folder, { recursive: true, force: true }),
  }
}
