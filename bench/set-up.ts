import { addressOf, emptyAccount } from '../test/setup/clean/empty-account.ts'
import { newcomer, posix } from '../test/setup/clean/newcomer.ts'

/** Seconds of the first `make status` in a fresh clone and of the second, without root, Python or Go; npm's cache is empty. */
export async function freshStatus(): Promise<readonly [first: number, second: number]> {
  const account = await emptyAccount()
  const user = newcomer([...posix, 'make', 'git', 'node', 'npm'])
  try {
    const env = {
      AWS_ENDPOINT_URL: addressOf(account),
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      ...{ OWNER: 'acme', PROJECT: 'shop', REGION: 'us-east-1' },
    }
    await user.run('git', ['init', '-q', '-b', 'main'])
    const status = async (): Promise<number> => {
      const { code, seconds, stderr } = await user.run('make', ['-s', 'status'], env)
      if (code !== 0) throw new Error(`make status ended with ${code}:\n${stderr}`)
      return seconds
    }
    return [await status(), await status()]
  } finally {
    account.close()
    user.leaves()
  }
}
