import { sha256 } from '../canonical.ts'
import { readJson, withTexts } from '../json.ts'

/**
 * Control: the scripts and templates that a pipeline's jobs run, as a person released them. No commit that is pushed
 * changes it (decision 0014).
 */
export type Control = {
  readonly version: string
  /** The last commit that changed any of it. */
  readonly commit: string
  /** Git's digest of every file in it. */
  readonly tree: string
  /** The tools that its jobs fetch, each by a digest of what went into it. */
  readonly tools: readonly string[]
}

/** What jobs need of a checkout: nothing in it belongs to an image. */
export const controlPaths = [
  '.npmrc',
  'Makefile',
  'buildspec.yml',
  'buildspec-verify.yml',
  'buildspec-configure.yml',
  'buildspec-publish.yml',
  'cloudformation',
  'environments.yaml',
  'manifests/images.yaml',
  'expected-drift.yaml',
  'package.json',
  'package-lock.json',
  'packer/places.pkr.hcl',
  'packer/plugins.pkr.hcl',
  'packer/verify.pkr.hcl',
  'scripts',
  'setup',
] as const

/** The same files and tools give the same key: what lies there already is not sent again. */
export const controlKey = ({ version, commit, tree, tools }: Control): string => {
  const digest = sha256([tree, ...tools].join('\n'))
  return `control/${version}-${commit.slice(0, 12)}-${digest.slice(0, 12)}.zip`
}

/** Version and commit, from the key that a pipeline was given. */
export function controlIn(key: string): { readonly version: string; readonly commit: string } | undefined {
  const [, version = '', commit = ''] = /^control\/(.+)-([0-9a-f]{12})-[0-9a-f]{12}\.zip$/.exec(key) ?? []
  return commit === '' ? undefined : { version, commit }
}

/** The packages of its jobs, in control itself: every job needs them. */
export const packagesFile = 'packages.tar.gz'

/** Where builds find which digest each of the other tools has to have. */
export const toolSumsFile = 'tools.sha256'

/** Two machines may make the same tool with different digests, so the digest is part of its name. */
export const toolKey = (tool: string, sha256: string): string => `tools/${tool}-${sha256}.tar.gz`

/** Where jobs find which control they run. */
export const controlFile = 'control.json'

export const controlText = ({ version, commit }: Released): string => JSON.stringify({ version, commit })

type Released = Pick<Control, 'version' | 'commit'>

/** What control.json says. */
export const readControlFile = (text: string): Promise<Released> =>
  readJson(controlFile, text, withTexts('version', 'commit'))

/** As people read it: `0.1.0 (4d1a90b)`. */
export const describeControl = ({ version, commit }: Released): string => `${version} (${commit.slice(0, 7)})`
