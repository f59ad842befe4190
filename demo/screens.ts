import type { DemoReport } from './report.ts'

/** The demo's last lines: what the visitor saw, how long each stage took. */
export const renderDemo = ({ seconds, tally, url }: DemoReport): string =>
  [
    '',
    'A visitor of production during the roll-out:',
    `  requests sent   ${tally.sent}`,
    `  requests lost   ${tally.lost.length}`,
    ...Object.entries(tally.versions).map(([version, count]) => `  by version      ${version}: ${count}`),
    '',
    ...Object.entries(seconds).map(([stage, took]) => `  ${stage.padEnd(28)} ${took.toFixed(0).padStart(4)} s`),
    '',
    `Production answers at ${url}`,
  ].join('\n')

export const heading = (text: string): string => `\n== ${text} ${'='.repeat(Math.max(0, 74 - text.length))}`
