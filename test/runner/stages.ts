import { glob } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { mocha } from './mocha.ts'
import { pytest } from './pytest.ts'
import { longestFirst } from './order.ts'
import type { Result, Suite } from './results.ts'

/** A suite by its name; `files` narrows it to some of its files. */
export type Named = {
  readonly name: string
  readonly files: readonly string[]
  readonly run: (files?: readonly string[]) => Promise<Suite>
}

export type Telling = {
  readonly all: (result: Result) => void
  readonly failures: (result: Result) => void
  readonly line: (line: string) => void
}
export type Narrowed = { readonly match?: string; readonly journey?: string }

export const stages = ['unit', 'parts', 'contract', 'journeys'] as const
export type Stage = (typeof stages)[number]

/** What starts processes, servers or compilers is no unit test: it costs a hundred times as much. */
const parts = [
  'test/{io,makefile,packer,runner,scripts,setup}/**/*.test.ts',
  'test/actions/image/read-variables.test.ts',
  'test/actions/proposal/*.test.ts',
  'test/actions/app/app-template.test.ts',
  'test/aws/mfa-sessions.test.ts',
  'test/templates/boot-check.test.ts',
]
/** Suites that begin with nothing installed. */
const clean = ['test/setup/clean/**/*.test.ts']
/** The rehearsal asked by other clients than the SDK, which rest by themselves between their questions. */
const clients = ['rehearsal/contract/cli*.test.ts']
const contract = ['rehearsal/contract/**/*.test.ts']
const ours = ['test/contract/**/*.test.ts']
const journeys = ['test/journeys/**/*.test.ts']

const find = async (patterns: readonly string[], but: readonly string[] = []): Promise<readonly string[]> =>
  (await Array.fromAsync(glob([...patterns], { exclude: [...but] }))).sort()

/** Every other file each, so that they take about as long as each other. */
const halves = (files: readonly string[]): readonly (readonly string[])[] =>
  [0, 1].map((half) => files.filter((_, index) => index % 2 === half))

/** The rehearsal's areas, in parts that take as long as each other; what is named in none is the last part. */
const areas = [
  ['autoscaling', 'machines'],
  ['cloudformation', 'ec2'],
  ['codepipeline', 'handlers', 'kernel'],
]

async function rehearsalParts(): Promise<readonly (readonly string[])[]> {
  const all = [...new Set((await find(['rehearsal/tests/*/test_*.py'])).map(dirname))]
  const named = areas.map((part) => all.filter((folder) => part.includes(basename(folder))))
  return [...named, all.filter((folder) => !named.flat().includes(folder))]
}

/** The suites of a stage. Every file of tests belongs to one suite and no more. */
export async function suitesOf(stage: Stage, tell: Telling, narrowed: Narrowed): Promise<readonly Named[]> {
  const { match, journey = '' } = narrowed
  const matching = match === undefined ? {} : { match }
  const inMocha = (
    name: string,
    files: readonly string[],
    seconds: number,
    each: Telling['all'],
    more: { readonly timeout?: number; readonly env?: Readonly<Record<string, string>> } = {},
  ): Named => ({
    name,
    files,
    run: (some = files) => mocha(name, some, { seconds, tell: each, ...more, ...matching }),
  })
  const inPytest = (name: string, folders: readonly string[], marked: string): Named => ({
    name,
    files: folders,
    run: (some = folders) => pytest(name, some, { seconds: 900, tell: tell.failures, marked, ...matching }),
  })
  // Each has a rehearsal of its own.
  const onRehearsal = (name: string, files: readonly string[]): Named =>
    inMocha(name, files, 900, tell.all, { env: { REHEARSAL: name.replaceAll(' ', '-') } })
  // A unit test is quick; what starts a process may have to wait for a processor that others share.
  const patient = { timeout: 60_000 }
  switch (stage) {
    case 'unit': {
      // In two processes, since each works on one processor.
      const files = await find(['test/**/*.test.ts'], [...parts, ...clean, ...ours, ...journeys])
      return [
        ...halves(files).map((half, index) => inMocha(`unit ${index + 1}`, half, 600, tell.failures)),
        inPytest('unit rehearsal', ['rehearsal/tests'], 'not server'),
      ]
    }
    case 'parts':
      return [
        inMocha('parts', await find(parts, clean), 900, tell.failures, patient),
        ...(await rehearsalParts()).map((folders, index) =>
          inPytest(`parts rehearsal ${index + 1}`, folders, 'server'),
        ),
      ]
    case 'contract':
      return [
        onRehearsal('contract', await find(contract, clients)),
        onRehearsal('contract clients', await find(clients)),
        ...halves(await find(ours)).map((half, index) => onRehearsal(`contract riglet ${index + 1}`, half)),
        inMocha('clean set-up', await find(clean), 1800, tell.all),
      ]
    case 'journeys': {
      // A file and a process of its own each: one that breaks leaves the others' ground untouched.
      const files = (await find(journeys)).filter((file) => file.includes(journey))
      if (files.length === 0) tell.line(`  no journey is named like "${journey}" in test/journeys`)
      return longestFirst(
        files.map((file) =>
          inMocha(`journey ${file.replace(/^test\/journeys\/|\.test\.ts$/g, '')}`, [file], 1800, tell.all),
        ),
      )
    }
  }
}
