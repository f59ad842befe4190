import type { DesiredImage } from '../manifest/desired-images.ts'
import type { ReplicaPlan } from './plan-replica.ts'

/** Replicas that are done together, and what must hold before the next ones are begun (B17). */
export type PlannedWave = {
  readonly plans: readonly ReplicaPlan[]
  readonly gate: Gate | undefined
}

export type Gate = { readonly minutes: number; readonly alarm: string | undefined }

export function wavesOf(image: DesiredImage, plans: readonly ReplicaPlan[]): readonly PlannedWave[] {
  const numbers = [...new Set(plans.map(({ replica }) => replica.place.wave))].sort((one, other) => one - other)
  return numbers.map((number, index) => {
    const wave = image.waves[number]
    const last = index === numbers.length - 1
    return {
      plans: plans.filter(({ replica }) => replica.place.wave === number),
      gate:
        wave === undefined || last || (wave.pause === 0 && wave.alarm === undefined)
          ? undefined
          : { minutes: wave.pause, alarm: wave.alarm },
    }
  })
}

/** When the next wave may begin: EC2 tells when the newest copy of this one was asked for. Epoch milliseconds. */
export const opensAt = ({ minutes }: Gate, created: readonly string[]): number =>
  Math.max(0, ...created.map((time) => Date.parse(time)).filter((time) => !Number.isNaN(time))) + minutes * 60_000
