import { RigletError } from '../scripts/core/errors.ts'
import { anObject, readJson } from '../scripts/core/json.ts'
import type { Ports } from '../scripts/core/ports/ports.ts'
import { rehearsalDown, rehearsalUp } from './rehearsal.ts'
import { shortcomings, type DemoReport } from './report.ts'
import { heading, renderDemo } from './screens.ts'
import { ship } from './ship.ts'
import { demoFolder, demoSource, folderOf, makeDemoSource } from './source.ts'
import { makeStage } from './stage.ts'
import type { Traffic } from './traffic.ts'

const perSecond = 20

const riglet = { OWNER: 'demo', PROJECT: 'shop', REPO: 'web', BRANCH: 'main', IMAGE: 'web' }

/**
 * The whole loop before the user's eyes, against a rehearsal of that name: create a riglet, ship version 1, then 2 while a
 * visitor keeps asking production. Everything stays up.
 * @throws RigletError when a request was lost, or production does not run what was approved
 */
export async function runDemo(name: string, ports: Ports, traffic: Traffic): Promise<void> {
  ports.terminal.say(heading('a rehearsal of AWS on this machine'))
  const began = ports.clock.now().getTime()
  await rehearsalDown(name, ports)
  const access = await rehearsalUp(name, ports)
  await makeDemoSource(ports)
  const env = { ...access, ...riglet, REGION: access['AWS_REGION'] ?? 'us-east-1' }
  const stage = makeStage(env, ports)
  const up = (ports.clock.now().getTime() - began) / 1000

  await stage.timed('create a riglet', () => stage.make('create-riglet', 'YES=1'))
  await ship('1.0.0', stage, ports)
  const url = await findUrl(await stage.ask('outputs-app', 'ENV=production', 'JSON=1'))
  const visitor = await traffic.start(`${url.replace(/\/$/, '')}/identity.json`, perSecond)
  ports.terminal.say(`\nFrom now on a visitor asks production ${perSecond} times a second.`)
  let image = ''
  try {
    image = await ship('2.0.0', stage, ports)
    await ports.clock.sleep(2000)
  } finally {
    await visitor.stop()
  }
  ports.terminal.say(heading('the riglet now'))
  await stage.make('status')
  await stage.timed('drift check', () => stage.make('drift'))
  const report: DemoReport = {
    seconds: { 'rehearsal up': up, ...stage.seconds },
    tally: visitor.tally(),
    url,
    desired: { version: '2.0.0', image },
  }
  await ports.files.write(`${demoFolder}/report.json`, JSON.stringify(report, null, 2))
  ports.terminal.show(renderDemo(report))
  ports.terminal.say(goOn(env))
  const faults = shortcomings(report)
  if (faults.length > 0)
    throw new RigletError(
      'PIPELINE',
      `The demo did not keep its promise:\n${faults.map((line) => `  ${line}`).join('\n')}`,
    )
}

export async function endDemo(name: string, ports: Ports): Promise<void> {
  await rehearsalDown(name, ports)
  await ports.processes.run('rm', ['-rf', folderOf(name)])
}

/** Stacks with their outputs; the app's has a Url. */
async function findUrl(listed: string): Promise<string> {
  const outputs = await readJson(
    'make outputs-app JSON=1',
    listed,
    anObject<Readonly<Record<string, Readonly<Record<string, string>>>>>(),
  )
  const found = Object.values(outputs).find(({ Url }) => Url !== undefined)?.['Url']
  if (found === undefined) throw new RigletError('NOT_FOUND', 'The production app has no URL among its outputs.')
  return found
}

const goOn = (env: Readonly<Record<string, string>>): string =>
  [
    '\nAll of it stays up. To go on by hand, in this shell:',
    `  cd ${demoSource}`,
    ...Object.entries(env).map(([key, value]) => `  export ${key}=${value}`),
    '  make status',
    'To remove everything: make demo-down (in the checkout you began in)',
  ].join('\n')
