/** `make bench`: measures on this machine and writes bench/results.md. Figures are what was seen, not promises. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { ownName } from '../rehearsal/contract/support/own-name.ts'
import { measureDemo, type Demo } from './demo.ts'
import { upSeconds } from './rehearsal.ts'
import { freshStatus } from './set-up.ts'
import { startUp } from './start-up.ts'
import { imagesPage } from './images/images-page.ts'
import { measureImages, type ImagesBench } from './images/measure-images.ts'
import type { Timing } from './commands.ts'

const say = (text: string): boolean => process.stderr.write(`${text}\n`)
const s = (seconds: number, digits = 2): string => `${seconds.toFixed(digits)} s`

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20)

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const startUpTable = (timings: readonly (readonly [string, Timing])[]): string =>
  table(
    ['command', 'median', 'fastest'],
    timings.map(([what, { median, fastest }]) => [what, s(median, 3), s(fastest, 3)]),
  )

const demoTable = ({ total, report }: Demo): string =>
  table(
    ['stage', 'time'],
    [
      ...Object.entries(report.seconds).map(([stage, seconds]) => [stage, s(seconds, 1)]),
      ['**all of it**', s(total, 1)],
    ],
  )

const pageOf = (
  timings: readonly (readonly [string, Timing])[],
  [first, second]: readonly [number, number],
  up: number,
  demo: Demo,
  images: ImagesBench,
): string => `# Measurements

Taken by \`make bench\` on ${cpus().length} processors (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB,
Node ${process.version}, at commit ${execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()}.

## Start-up

${startUpTable(timings)}

The first \`make status\` in a fresh clone, npm's cache empty: ${s(first, 1)}; the second: ${s(second)}.

## Nothing to do

\`make update-environment ENV=integration\` on a stack that is as it should be: ${s(demo.noChange.seconds)},
${demo.noChange.calls.length} API ${demo.noChange.calls.length === 1 ? 'call' : 'calls'} (${demo.noChange.calls.join(', ')}).

## The rehearsal

\`make aws-up\`: ${s(up)}. Its memory at the end of the demo: ${mebibytes(demo.memory)} MiB,
at its peak: ${mebibytes(demo.peak)} MiB.

## The demo, by stage

${demoTable(demo)}

Requests to production meanwhile: ${demo.report.tally.sent} sent, ${demo.report.tally.lost.length} lost.

## Builds of the pipeline

${table(
  ['job', 'first', 'second'],
  Object.entries(demo.builds).map(([job, seconds]) => [
    job,
    ...[0, 1].map((n) => (seconds[n] === undefined ? '' : s(seconds[n], 1))),
  ]),
)}

Bake and verify fetch their tools each time: in a VPC CodeBuild keeps nothing on its host.

${imagesPage(images, table)}`

say('start-up times')
const timings = startUp()
say('a fresh clone')
const fresh = await freshStatus()
say('aws-up')
const up = upSeconds(ownName('bench'))
say('the demo: some minutes')
const demo = await measureDemo(ownName('bench'))
say('thousands of images: some minutes')
const images = await measureImages('bench-images', say)
const page = pageOf(timings, fresh, up, demo, images)
writeFileSync('bench/results.md', page)
process.stdout.write(page)
