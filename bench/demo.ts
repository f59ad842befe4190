import { readFileSync } from 'node:fs'
import { stackName } from '../scripts/core/names.ts'
import { run } from './commands.ts'
import { callsDuring, status } from './rehearsal.ts'

/** As `make demo` writes it. */
type Report = {
  readonly seconds: Readonly<Record<string, number>>
  readonly tally: { readonly sent: number; readonly lost: readonly unknown[] }
}

export type Demo = {
  readonly total: number
  readonly report: Report
  /** Seconds of the first bake and verification, tools fetched and all. */
  readonly builds: Readonly<Record<string, readonly number[]>>
  /** Bytes that the rehearsal holds at the end, and the most that it ever held. */
  readonly memory: number
  readonly peak: number
  readonly noChange: { readonly seconds: number; readonly calls: readonly string[] }
}

const riglet = { OWNER: 'demo', PROJECT: 'shop', REPO: 'web', BRANCH: 'main', IMAGE: 'web', REGION: 'us-east-1' }

/** The demo in a rehearsal of its own, and what can be measured while it stands. */
export async function measureDemo(name: string): Promise<Demo> {
  const env = { REHEARSAL: name }
  const { seconds: total } = run(['make', 'demo'], { env })
  try {
    const report = JSON.parse(readFileSync(`.state/${name}/report.json`, 'utf8')) as Report
    const { port, memory, peak_memory: peak } = status(name)
    const access = { ...credentials(name), ...riglet, ENV: 'integration', AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }
    let noChange = 0
    const calls = await callsDuring(access.AWS_ENDPOINT_URL, () => {
      noChange = run(['make', 'update-environment'], { env: access }).seconds
    })
    const builds = { bake: buildSeconds('bake', access), verify: buildSeconds('verify', access) }
    return { total, report, builds, memory, peak, noChange: { seconds: noChange, calls } }
  } finally {
    run(['make', 'demo-down'], { env })
  }
}

/** `up` finds the rehearsal running and only prints the variables to export. */
function credentials(name: string): Record<string, string> {
  const { out } = run(['python', '-m', 'rehearsal', 'up', '--name', name, '--port', '0'])
  return Object.fromEntries([...out.matchAll(/^export (\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!]))
}

type Builds = { readonly builds: readonly { readonly startTime: string | number; readonly endTime: string | number }[] }

/** Oldest first. */
function buildSeconds(job: string, env: Readonly<Record<string, string>>): readonly number[] {
  const jobs = stackName.jobs(
    { owner: riglet.OWNER, project: riglet.PROJECT },
    { repo: riglet.REPO, branch: riglet.BRANCH },
  )
  const project = `${jobs}-${job}`
  const list = run(
    ['aws', 'codebuild', 'list-builds-for-project', '--project-name', project, '--sort-order', 'ASCENDING'],
    { env },
  )
  const { ids } = JSON.parse(list.out) as { readonly ids: readonly string[] }
  const { builds } = JSON.parse(run(['aws', 'codebuild', 'batch-get-builds', '--ids', ...ids], { env }).out) as Builds
  const instant = (time: string | number): number => (typeof time === 'number' ? time * 1000 : Date.parse(time))
  return builds
    .map(({ startTime, endTime }) => ({ start: instant(startTime), end: instant(endTime) }))
    .sort((left, right) => left.start - right.start)
    .map(({ start, end }) => (end - start) / 1000)
}
