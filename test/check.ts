/** `make check`: format, lint, types, templates, images, Python, side by side; prints what fails, ends with the verdict. */
import { glob } from 'node:fs/promises'
import { lines } from './runner/process.ts'

type Check = { readonly name: string; readonly command: readonly string[] }

const templates = (await Array.fromAsync(glob('cloudformation/**/*.yaml'))).sort()
const images = (await Array.fromAsync(glob('packer/*/*.pkr.hcl'))).map((file) => file.replace(/\/[^/]+$/, ''))

/** Its own script begins with the path of its Python, which a system splits at spaces; it is no module to be run. */
const cfnLint = 'from cfnlint.runner import main; raise SystemExit(main())'

const checks: readonly Check[] = [
  { name: 'prettier', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'eslint', command: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'types', command: ['tsc', '--project', '.'] },
  { name: 'ruff', command: ['ruff', 'check', '--quiet', 'rehearsal', 'test'] },
  ...(templates.length > 0
    ? [
        { name: 'cfn-lint', command: ['python', '-c', cfnLint, ...templates] },
        {
          name: 'checkov',
          command: ['node', '--disable-warning=ExperimentalWarning', 'test/checkov/run.ts', ...templates],
        },
      ]
    : []),
  ...[...new Set(images)].sort().flatMap((folder) => [
    { name: `packer validate ${folder}`, command: ['setup/packer-validate', folder] },
    { name: `packer fmt ${folder}`, command: ['packer', 'fmt', '-check', '-diff', folder] },
  ]),
]

const run = async ({ name, command }: Check): Promise<boolean> => {
  const began = Date.now()
  const heard: string[] = []
  const { code } = await lines(command, 300, (line) => heard.push(line))
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`)
  if (code !== 0) process.stdout.write(heard.map((line) => `       ${line}\n`).join(''))
  return code === 0
}

/** Two at a time: more only makes each slower on a small machine. */
const queue = [...checks]
const worker = async (): Promise<number> => {
  let bad = 0
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) if (!(await run(check))) bad += 1
  return bad
}
const bad = (await Promise.all([worker(), worker()])).reduce((sum, one) => sum + one, 0)
process.stdout.write(bad === 0 ? `${checks.length} checks passed\n` : `${bad} of ${checks.length} checks failed\n`)
process.exitCode = bad === 0 ? 0 : 1
