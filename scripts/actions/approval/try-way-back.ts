import { fails, lookBack, notChecked, proved, type Attempt, type WayBack } from '../../core/approval/way-back.ts'
import type { Ports } from '../../core/ports/ports.ts'
import { orWhy } from '../../engine/of-many.ts'
import type { BackTo } from './packet-facts.ts'

/**
 * Tries all that a roll-back to what production runs now would need, short of doing it: looks at the image, asks EC2 for a
 * launch by a dry run, and protects the image from being deregistered (B09). Whatever comes out is told, nothing is thrown.
 */
export async function tryWayBack(
  back: BackTo | undefined,
  ports: Pick<Ports, 'fleet' | 'publishing'>,
): Promise<WayBack | null> {
  if (back === undefined) return null
  const looked = lookBack(back)
  const usable = looked[0]?.outcome === 'proved'
  const gone = notChecked('it cannot be used in any case')
  const [launch, kept] = usable ? await Promise.all([tryLaunch(back, ports), keep(back, ports)]) : [gone, gone]
  return {
    image: back.id,
    checks: [...looked, { check: 'would launch', ...launch }, { check: 'is protected from deregistration', ...kept }],
  }
}

async function tryLaunch({ id, group, template }: BackTo, { fleet }: Pick<Ports, 'fleet'>): Promise<Attempt> {
  const [lost] = template
  if (lost !== undefined) return lost.type === 'cannot' ? fails(lost.why) : notChecked(lost.why)
  const subnet = group?.subnets?.[0]
  if (!group?.launchTemplate || subnet === undefined) return notChecked('its group could not be read')
  const asked = await orWhy(fleet.tryLaunch({ launchTemplate: group.launchTemplate, image: id, subnet }))
  if (asked.type === 'refused') return notChecked(asked.why)
  return asked.answer.type === 'would launch'
    ? proved('EC2 says so of type, groups and subnet')
    : fails(asked.answer.why)
}

async function keep({ id, image, account }: BackTo, { publishing }: Pick<Ports, 'publishing'>): Promise<Attempt> {
  if (image?.protected === true) return proved('it is now')
  if (image?.account !== account) return notChecked(`whether ${image?.account} protects it cannot be asked from here`)
  const asked = await orWhy(publishing.protect(id))
  return asked.type === 'refused' ? fails(`it could not be protected: ${asked.why}`) : proved('it is now')
}
