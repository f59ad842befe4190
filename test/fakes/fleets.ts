import type { Fleet, GroupFacts, TaggedInstance } from '../../scripts/core/ports/fleet.ts'
import type { fakeUse } from './leaving.ts'

type Use = ReturnType<typeof fakeUse>
type Call = <Answer>(operation: string, answer: () => Answer) => Promise<Answer>

/** Groups and instances of several places. */
export function fakeFleets() {
  const groups = new Map<string, (GroupFacts & { readonly image: string })[]>()
  const instances = new Map<string, TaggedInstance[]>()
  return {
    /** A group that launches an image, and as many instances of it. `place`: `111111111111 us-east-1`. */
    run: (place: string, name: string, image: string, count: number, stack?: string) => {
      const ids = Array.from({ length: count }, (_, index) => `i-${name}-${index + 1}`)
      const launchTemplate = { id: `lt-${name}`, version: '1' }
      const facts = {
        name,
        desired: count,
        launchTemplate,
        instances: [],
        image,
        ...(stack === undefined ? {} : { stack }),
      }
      groups.set(place, [...(groups.get(place) ?? []), facts])
      instances.set(place, [
        ...(instances.get(place) ?? []),
        ...ids.map((id) => ({ id, image, group: name, tags: {} })),
      ])
    },
    /** An instance of no group. */
    launch: (place: string, id: string, image: string, tags: Readonly<Record<string, string>> = {}) =>
      void instances.set(place, [...(instances.get(place) ?? []), { id, image, group: null, tags }]),
    /** `use`: groups and templates that a test says by themselves. */
    at: (place: string, call: Call, use: Use): Fleet =>
      ({
        allGroups: () =>
          call('allGroups', () => [
            ...(groups.get(place) ?? []),
            ...use.groups.filter((one) => one.place === place).map((one) => ({ ...one, desired: 0, instances: [] })),
          ]),
        instancesOf: (images) =>
          call('instancesOf', () => (instances.get(place) ?? []).filter(({ image }) => images.includes(image))),
        template: (id, version) =>
          call('template', () => {
            const older = use.olderVersions.get(`${id} ${version}`)
            if (older !== undefined) return { type: 'version', image: older }
            if (use.groups.some(({ launchTemplate }) => launchTemplate.id === id)) return { type: 'no version' }
            const group = groups.get(place)?.find(({ launchTemplate }) => launchTemplate?.id === id)
            return group === undefined ? { type: 'no template' } : { type: 'version', image: group.image }
          }),
      }) as Partial<Fleet> as Fleet,
  }
}
