import { callsOf, describeImages } from './calls.ts'
import { few, many, type ImagesBench } from './measure-images.ts'

const number = (count: number): string => count.toLocaleString('en-US')
const times = (one: number, other: number): string => `${(one / other).toFixed(1)}`
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20)

/** Ratios of figures from one run: the seconds are this machine's and the rehearsal's, not AWS's. */
export function imagesPage(
  { world, scans, loops, loose, copies }: ImagesBench,
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): string {
  const drift = scans.find(({ command }) => command === 'drift')!.few
  const rows = scans.flatMap(({ command, few: small, many: large }) =>
    [small, large].map(({ tally, seconds, peak }, index) => [
      `\`make ${command}\``,
      number([few, many][index]!),
      String(callsOf(tally, (api) => api === describeImages)),
      String(callsOf(tally, (api) => api !== describeImages)),
      times(seconds, small.seconds),
      times(peak, small.peak),
    ]),
  )
  return `## Thousands of images

In ${world.accounts} accounts and ${world.regions} regions, half of the images in the riglet's own account and region, each release tagged in git.
Held by the run itself: at each of these ${world.accounts * world.regions} places a command asks for images as often as they fill pages of 1,000 (drift once
more, for the account that they are shared with), and of every other API exactly as often for ${number(many)} images as for ${number(few)}; memory stays below twice as much, and so do copies.

${table(['command', 'images', 'calls for images', 'other calls', 'time', 'peak memory'], rows)}

Time and memory are multiples of the same command's with ${number(few)} images: of \`make drift\` ${drift.seconds.toFixed(1)} s and ${mebibytes(drift.peak)} MiB.

The aws CLI in a loop, asked only whether each of ${number(few)} images is there: ${times(loops.single, drift.seconds)} times as long as \`make drift\` image by
image (reckoned from ${loops.sampled} of them), ${times(loops.batched, drift.seconds)} times in ${loops.commands} commands of up to 200.

Of ${number(loose.images)} images that nothing holds \`make plan-clean-images\` asks what refers to them: ${loose.calls} calls, ten images in each, which is
all that EC2 takes, in each account.

\`make replicate\` to ${world.regions} regions takes ${times(copies.six, copies.one)} times as long as to one.
`
}
