import { jsonIfAny } from '../json.ts'
import type { KeyUse } from '../ports/keys.ts'

type Statement = {
  readonly Effect?: unknown
  readonly Principal?: unknown
  readonly Action?: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
/** `conditional`: it hangs on a condition that cannot be judged from here. */
type Verdict = 'yes' | 'conditional' | 'no'

/** What whoever launches from a shared encrypted image does with its key.
 *  https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html */
export const launchActions = ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:ReEncryptFrom'] as const

/** What Auto Scaling's service-linked role, to which nobody can attach a policy, is to be granted in another account.
 *  https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html */
export const groupOperations = [
  ...['CreateGrant', 'Decrypt', 'DescribeKey'],
  ...['GenerateDataKeyWithoutPlaintext', 'ReEncryptFrom', 'ReEncryptTo'],
] as const

export const groupRole = (account: string): string =>
  `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`

/** Which of the actions another account may not do with a key, and of which nobody can tell. */
export function lacking(
  account: string,
  { policy, grants }: KeyUse,
): { readonly denied: readonly string[]; readonly open: readonly string[] } {
  const said = jsonIfAny(policy) as { readonly Statement?: unknown } | undefined
  const statements = list(said?.Statement) as readonly Statement[]
  const granted = new Set(
    grants
      .filter(({ grantee }) => accountOf(grantee) === account && !isGroupRole(grantee, account))
      .flatMap(({ operations }) => operations.map((operation) => `kms:${operation}`)),
  )
  const judged = launchActions.map((action) => [action, verdict(action, account, statements, granted)] as const)
  const ofKind = (kind: Verdict) => judged.flatMap(([action, is]) => (is === kind ? [action] : []))
  return { denied: ofKind('no'), open: ofKind('conditional') }
}

/** Which operations Auto Scaling's role of another account still needs a grant for. */
export const ungranted = (account: string, { grants }: KeyUse): readonly string[] => {
  const held = new Set(
    grants.filter(({ grantee }) => isGroupRole(grantee, account)).flatMap(({ operations }) => operations),
  )
  return groupOperations.filter((operation) => !held.has(operation))
}

/** A group may have a service-linked role of its own, with a suffix. */
const isGroupRole = (arn: string, account: string): boolean =>
  arn === groupRole(account) || arn.startsWith(`${groupRole(account)}_`)

function verdict(
  action: string,
  account: string,
  statements: readonly Statement[],
  granted: ReadonlySet<string>,
): Verdict {
  const about = (effect: string): readonly Verdict[] =>
    statements
      .filter(({ Effect }) => Effect === effect)
      .map((statement) =>
        least([matches(statement.Action, action), names(statement.Principal, account), holds(statement, account)]),
      )
  const denied = most(about('Deny'))
  const allowed = granted.has(action) ? 'yes' : most(about('Allow'))
  if (denied === 'yes' || allowed === 'no') return 'no'
  return denied === 'conditional' ? 'conditional' : allowed
}

const least = (all: readonly Verdict[]): Verdict =>
  all.includes('no') ? 'no' : all.includes('conditional') ? 'conditional' : 'yes'
const most = (all: readonly Verdict[]): Verdict =>
  all.includes('yes') ? 'yes' : all.includes('conditional') ? 'conditional' : 'no'

const list = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value].flat())
const texts = (value: unknown): readonly string[] => list(value).filter((one) => typeof one === 'string')

/** NotAction is rare, and not judged. */
const matches = (actions: unknown, action: string): Verdict =>
  actions === undefined ? 'conditional' : texts(actions).some((pattern) => like(pattern, action)) ? 'yes' : 'no'

const like = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  ).test(text)

const accountOf = (principal: string): string =>
  /^\d{12}$/.test(principal) ? principal : (/^arn:[a-z-]+:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1] ?? '')

/** A role or user of the account is enough: which of them launch is for that account to say. */
function names(principal: unknown, account: string): Verdict {
  if (principal === undefined) return 'conditional'
  const all = principal === '*' ? ['*'] : texts((principal as { readonly AWS?: unknown } | null)?.AWS)
  return all.some((one) => one === '*' || accountOf(one) === account) ? 'yes' : 'no'
}

/** EC2 asks for whoever launches, and for a resource of AWS's. */
function holds({ Condition }: Statement, account: string): Verdict {
  const each = Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]): Verdict => {
      const desired = texts(value)
      switch (`${operator} ${key.toLowerCase()}`) {
        case 'StringEquals kms:calleraccount':
        case 'StringEquals aws:principalaccount':
          return desired.includes(account) ? 'yes' : 'no'
        case 'StringEquals kms:viaservice':
        case 'StringLike kms:viaservice':
          return desired.some((service) => service.startsWith('ec2.')) ? 'yes' : 'no'
        case 'Bool kms:grantisforawsresource':
          return String(value) === 'true' ? 'yes' : 'no'
        default:
          return 'conditional'
      }
    }),
  )
  return least(each)
}
