import type { Clock } from '../../scripts/core/ports/local/clock.ts'
import type { ParameterVersion, Parameters } from '../../scripts/core/ports/parameters.ts'

export type Kept = ParameterVersion & { readonly tags: Readonly<Record<string, string>> }

/** How long AWS takes to look at an image. */
const lookMilliseconds = 5000

/** Parameters of one place that name images: shown once the image was looked at, and only if it is there. */
export function fakeImageParameters(
  kept: Map<string, Kept[]>,
  place: string,
  clock: Clock,
  call: <Answer>(operation: string, answer: () => Answer) => Promise<Answer>,
  isImage: (id: string) => boolean,
): Parameters {
  const shown = (name: string): Kept[] =>
    (kept.get(`${place} ${name}`) ?? []).filter(({ time }) => time + lookMilliseconds <= clock.now().getTime())
  return {
    putImage: (name, value, description, tags) =>
      call('putImage', () => {
        if (!isImage(value)) return
        const time = clock.now().getTime()
        kept.set(`${place} ${name}`, [...(kept.get(`${place} ${name}`) ?? []), { value, description, time, tags }])
      }),
    history: (name) => call('history', () => shown(name)),
    values: (path) =>
      call('values', () => {
        const names = [...kept.keys()].flatMap((key) =>
          key.startsWith(`${place} ${path}/`) ? [key.slice(place.length + 1)] : [],
        )
        return new Map(
          names.flatMap((name) =>
            shown(name)
              .slice(-1)
              .map(({ value }) => [name, value] as const),
          ),
        )
      }),
  } as Partial<Parameters> as Parameters
}
