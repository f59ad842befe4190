import { RigletError } from '../errors.ts'

const examples: Readonly<Record<string, string>> = {
  OWNER: 'acme',
  PROJECT: 'shop',
  REGION: 'eu-central-1',
  ENV: 'integration',
  REPO: 'shop',
  BRANCH: 'main',
  IMAGE: 'web',
  CHANNEL: 'stable',
  DIGEST: '9f86d081884c7d65',
  REASON: '"too late on a Friday"',
  FROM: '1.4.2',
  TO: '1.4.3',
}

/** These belong to one call rather than to the riglet. */
const ofTheCall = new Set([
  'ENV',
  'DIGEST',
  'REASON',
  'IMAGE_ID',
  'URL',
  'EXECUTION_ID',
  'ARCH',
  'MANIFEST',
  'CHANNEL',
  'MILESTONE',
  'FROM',
  'TO',
])

/** Everything that is wrong with the settings, at once. */
export function settingsFaults(
  faults: readonly { readonly where: string; readonly what: string }[],
  missing: readonly string[],
  noMakeFile: boolean,
): RigletError {
  const lines = [
    ...faults.map(({ where, what }) => `${where}: ${what}`),
    ...missing.map((name) => {
      const example = `${name}=${examples[name] ?? '...'}`
      const belongs = ofTheCall.has(name) ? `belongs on the command line` : `belongs in .make or on the command line`
      return `${name} is missing; it ${belongs}: ${example}`
    }),
  ]
  const count = lines.length === 1 ? 'One setting is' : `${lines.length} settings are`
  const remedy =
    noMakeFile && missing.some((name) => !ofTheCall.has(name)) ? 'Copy .make.example to .make and fill it in.' : ''
  return new RigletError(
    'SETTINGS',
    `${count} wrong or missing.\n${lines.map((line) => `  ${line}`).join('\n')}`,
    remedy,
  )
}

export const unknownVerb = (noun: string, verb: string | undefined, verbs: readonly string[]): RigletError =>
  new RigletError(
    'USAGE',
    verb === undefined ? `${noun}: say what to do.` : `${noun}: ${verb} is not one of its verbs.`,
    `One of: ${verbs.join(', ')}`,
  )

export const unknownFlag = (flag: string): RigletError =>
  new RigletError('USAGE', `${flag} is not understood.`, 'Flags are --yes, --json and NAME=value; see `make help`.')
