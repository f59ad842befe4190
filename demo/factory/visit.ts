import { RigletError } from '../../scripts/core/errors.ts'
import { jsonIfAny } from '../../scripts/core/json.ts'
import { get, identity } from '../traffic.ts'
import { publishedNow, type Factory } from './factory.ts'
import { consumers, type Consumer } from './places.ts'

type Found = {
  readonly Reservations: readonly {
    readonly Instances: readonly { readonly PublicIpAddress?: string; readonly InstanceId: string }[]
  }[]
}

const inGroups = 'Name=tag-key,Values=aws:autoscaling:groupName'

/**
 * Asks every instance of each group over HTTP, until it answers; it has to answer from its account's copy of that version.
 * @throws RigletError IMAGE
 */
export async function visitGroups(factory: Factory, version: string): Promise<void> {
  const manifest = await publishedNow(factory)
  const answers = await Promise.all(
    consumers.map(async (consumer) => {
      const image = manifest['web']?.[consumer.region]?.[0]?.id
      return visit(consumer, { version, image: image ?? 'nothing' }, factory)
    }),
  )
  factory.tools.say(`\nAsked over HTTP, each in its own account:\n${answers.flat().join('\n')}`)
}

async function visit(
  { account, region, group }: Consumer,
  expected: { readonly version: string; readonly image: string },
  { tools, admins, ports }: Factory,
): Promise<readonly string[]> {
  let seen = 'no instance runs'
  for (let asked = 0; asked < 60; asked += 1) {
    const { Reservations } = await tools.aws<Found>(
      admins[account],
      ...['ec2', 'describe-instances', '--region', region, '--filters', inGroups],
      'Name=instance-state-name,Values=running',
    )
    const instances = Reservations.flatMap(({ Instances }) => Instances)
    const told = await Promise.all(instances.map(({ PublicIpAddress: at }) => answerOf(at)))
    seen = told.map((one) => one.words).join('; ') || seen
    if (told.length > 0 && told.every((one) => one.version === expected.version && one.imageId === expected.image))
      return told.map(
        ({ at }) => `  ${account.padEnd(6)} ${group.padEnd(9)} http://${at}  ${expected.version}  ${expected.image}`,
      )
    await ports.clock.sleep(500)
  }
  throw new RigletError(
    'IMAGE',
    `${group} in ${account} does not answer from ${expected.image}, version ${expected.version}: ${seen}.`,
  )
}

type Told = { readonly at: string; readonly words: string; readonly version?: string; readonly imageId?: string }

async function answerOf(at = 'no address'): Promise<Told> {
  try {
    const { status, body } = await get(`http://${at}/identity.json`)
    const answer = jsonIfAny(body)
    if (status !== 200 || !identity.is(answer)) return { at, words: `${at} answers ${status}` }
    return { at, words: `${at} answers ${answer.imageId}`, version: answer.version, imageId: answer.imageId }
  } catch (error) {
    return { at, words: `${at}: ${error instanceof Error ? error.message : String(error)}` }
  }
}
