import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { ProcessPromise } from 'zx'
import { interrupted } from '../core/errors.ts'
import type { Packer } from '../core/ports/local/packer.ts'

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, CHECKPOINT_DISABLE: '1', PACKER_NO_COLOR: '1' })

const whole = async (child: ProcessPromise): Promise<number> => (await child).exitCode ?? 1

/** How long what it said last may take to arrive. */
const drained = 2000

/**
 * How Packer itself ended: a provisioner may have left something running that holds its output open, and would be waited
 * for until the build's time is up.
 */
const endOf = (child: ProcessPromise): Promise<number> =>
  new Promise((done) =>
    child.child?.once('exit', (code) =>
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
        done(code ?? 1)
      }, drained).unref(),
    ),
  )

/**
 * Packer answers an interrupt by removing what it made; a second one, or a kill of its children, would leave that
 * behind. So it runs in a process group of its own, is asked once, and is waited for.
 */
export const makePacker = (
  root: string,
  signal: AbortSignal,
  access: () => Promise<Readonly<Record<string, string | undefined>>>,
): Packer => ({
  goss: resolve(root, '.tools/goss'),
  given: Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith('PKR_VAR_') && value !== undefined ? [[name, value]] : [],
    ),
  ),
  build: async (target, variables, { varFile, onLine }) => {
    const { $ } = await import('zx')
    const reach = await access()
    const named = Object.entries(variables).flatMap(([name, value]) => ['-var', `${name}=${value}`])
    const files = varFile === undefined ? [] : [`-var-file=${varFile}`]
    const child = $({
      cwd: root,
      detached: true,
      nothrow: true,
      quiet: true,
      env: { ...environment(), ...reach } as NodeJS.ProcessEnv,
    })`packer build -color=false ${files} ${named} ${target}`
    createInterface({ input: child.stdout }).on('line', onLine)
    createInterface({ input: child.stderr }).on('line', onLine)
    let asked = false
    const stop = (): void => {
      if (asked || child.pid === undefined) return
      asked = true
      process.stderr.write('Asking Packer to remove what it made; that takes a moment.\n')
      process.kill(child.pid, 'SIGINT')
    }
    signal.addEventListener('abort', stop, { once: true })
    try {
      if (signal.aborted) stop()
      const code = await Promise.race([whole(child), endOf(child)])
      if (asked) throw interrupted()
      return { code }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  },
  ask: async (command, target, { varFile, input }) => {
    const { $ } = await import('zx')
    // An image's folder may have data sources, which ask AWS, too.
    const env = { ...environment(), ...(await access()) } as NodeJS.ProcessEnv
    const $packer = $({ cwd: root, nothrow: true, quiet: true, env, signal })
    const file = `-var-file=${varFile}`
    // The console evaluates its standard input only if that is a pipe; what Node passes on is a socket.
    const { exitCode, stdout, stderr } =
      command === 'console'
        ? await $packer`printf '%s\\n' ${input ?? ''} | packer console ${file} ${target}`
        : await $packer`packer validate -no-warn-undeclared-var ${file} ${target}`
    if (signal.aborted) throw interrupted()
    return { code: exitCode ?? 1, lines: `${stdout}\n${stderr}`.split(/\r?\n/) }
  },
})
