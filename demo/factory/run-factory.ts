import { RigletError } from '../../scripts/core/errors.ts'
import type { Ports } from '../../scripts/core/ports/ports.ts'
import { rehearsalDown, rehearsalUp } from '../rehearsal.ts'
import { heading } from '../screens.ts'
import { demoFolder, demoSource, makeDemoSource, runGit } from '../source.ts'
import { makeStage } from '../stage.ts'
import { adminRole, enter, makeArtifacts, makePublisher, openAccounts } from './accounts.ts'
import { prepareConsumer } from './consumers.ts'
import { callsSince, publishedNow, type Factory } from './factory.ts'
import { accountNames, consumerRepository, consumers, regions, riglet } from './places.ts'
import { prose } from './screens.ts'
import { renderFactory, rowsOf, type FactoryReport } from './table.ts'
import { publishing } from './publishing.ts'
import { makeTools, type Variables } from './tools.ts'
import { whenItIsBad } from './when-it-is-bad.ts'

/**
 * Images for others, before the user's eyes: two images, four accounts, six regions, from the bake to a group that answers,
 * and back when one is bad. Everything stays up.
 * @throws RigletError when a step ends otherwise than it should
 */
export async function runFactory(name: string, ports: Ports): Promise<void> {
  ports.terminal.say(heading('a rehearsal of AWS on this machine'))
  await rehearsalDown(name, ports)
  const access = await rehearsalUp(name, ports)
  const endpoint = access['AWS_ENDPOINT_URL'] ?? ''
  const { timed, seconds } = makeStage(access, ports)
  const calls: Record<string, number> = {}
  let seen = 0
  const counted = async <Result>(title: string, work: () => Promise<Result>): Promise<Result> => {
    const result = await timed(title, work)
    const { last, operations } = await callsSince(endpoint, seen)
    ;[seen, calls[title]] = [last, operations.length]
    return result
  }

  const [factory, env] = await counted('four accounts', () => setUp(access, endpoint, ports))
  for (const { title, see, tell } of [...publishing, ...whenItIsBad])
    await counted(title, async () => {
      ports.terminal.say(prose(see))
      await tell(factory)
    })

  const rows = rowsOf(await publishedNow(factory))
  const { accounts, notes } = factory
  const report: FactoryReport = { seconds, calls, rows, notes, accounts, env }
  await ports.files.write(`${demoFolder}/report.json`, JSON.stringify(report, null, 2))
  ports.terminal.show(renderFactory(report))
  ports.terminal.say(goOn(env))
  const missing = regions.filter((region) => rows.filter((row) => row.region === region).length < 2)
  if (missing.length > 0) throw new RigletError('IMAGE', `The manifest lacks an image in ${missing.join(', ')}.`)
}

/** Accounts, roles and networks, and the demo's own checkout with a repository that consumes. */
async function setUp(access: Variables, endpoint: string, ports: Ports): Promise<readonly [Factory, Variables]> {
  const plain = makeTools(access, ports)
  plain.say(
    prose(`The riglet's own account bakes; distribution publishes; stage and live run what they get. In each of the latter
      two the role of docs/following.md is made. From here on everything runs under the role publisher of the riglet's
      account, and every question is answered with yes (YES=1).`),
  )
  const folder = await makeDemoSource(ports)
  const [accounts, publisher] = await Promise.all([openAccounts(plain, ports), makePublisher(plain)])
  await makeConsumerRepository(ports)
  const [entered, prepared, role] = await Promise.all([
    Promise.all(accountNames.map(async (name) => [name, await enter(plain, adminRole(accounts, name))] as const)).then(
      Object.fromEntries,
    ) as Promise<Factory['admins']>,
    makeArtifacts(plain, ports),
    enter(plain, publisher.arn),
  ])
  void prepared
  const networks = Object.fromEntries(
    await Promise.all(
      consumers.map(
        async (consumer) =>
          [consumer.account, await prepareConsumer(consumer, entered[consumer.account], publisher.arn, plain)] as const,
      ),
    ),
  ) as Factory['networks']
  plain.say(
    [
      `  riglet        ${publisher.account}`,
      ...accountNames.map((name) => `  ${name.padEnd(12)}  ${accounts[name]}`),
    ].join('\n'),
  )
  const env = { ...access, ...role, ...riglet, REPO: 'web', BRANCH: 'main', YES: '1' }
  const tools = makeTools(env, ports)
  const shared = { tools, ports, folder, endpoint, accounts, networks, admins: entered }
  return [{ ...shared, baked: new Map(), notes: [] }, env]
}

/** A repository of those who use the images, with a branch main to propose to. */
async function makeConsumerRepository(ports: Ports): Promise<void> {
  await runGit(ports, ['init', '-q', '--bare', '-b', 'main', consumerRepository], '.')
  const empty = await runGit(ports, ['hash-object', '-w', '-t', 'tree', '/dev/null'], consumerRepository)
  const who = ['-c', 'user.name=Consumer', '-c', 'user.email=consumer@example.org']
  const begin = await runGit(ports, [...who, 'commit-tree', '-m', 'Begin', empty], consumerRepository)
  await runGit(ports, ['update-ref', 'refs/heads/main', begin], consumerRepository)
}

const goOn = (env: Variables): string =>
  [
    '\nAll of it stays up. To go on by hand, in this shell:',
    `  cd ${demoSource}`,
    ...Object.entries(env).map(([key, value]) => `  export ${key}=${value}`),
    '  make image-status',
    'When an image is bad, docs/runbook.md says what to do; its commands work here.',
    'To remove everything: make demo-down (in the checkout you began in)',
  ].join('\n')
