/**
 * Whether two people stand behind two ARNs. IAM knows no persons: what tells one is the name of a user, or the name of a
 * session, which IAM Identity Center sets to the user's and a profile by role_session_name.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export type Apart =
  | { readonly type: 'two' }
  | { readonly type: 'one'; readonly name: string }
  /** Not known to be two, and so not taken for two. */
  | { readonly type: 'unknown'; readonly why: string }

/** Names of sessions that tools make up where nobody gave one: SDKs, the aws CLI, EC2 and CodeBuild. */
const madeUp =
  /^(?:botocore-session-.*|aws-(?:sdk|go-sdk|dotnet-sdk|cli).*|AWSCLI-Session|AWSCodeBuild-.*|i-[0-9a-f]{8,17}|\d+|[0-9a-f-]{32,36})$/i

/** The name of whoever an ARN names, as screens show it. */
export const nameIn = (arn: string): string => /[^/:]*$/.exec(arn)![0]

export function twoPeople(pusher: string, approver: string): Apart {
  if (pusher !== '' && pusher === approver) return { type: 'one', name: nameIn(pusher) }
  const why = [doubt('pushed', pusher), doubt('approved', approver)].find((one) => one !== undefined)
  if (why !== undefined) return { type: 'unknown', why }
  const [one, other] = [pusher, approver].map((arn) => nameIn(arn).toLowerCase()) as [string, string]
  // The same person may push as a user and approve in a session, or under another role: ann, and ann@example.com.
  const short = one.includes('@') !== other.includes('@')
  const same = short ? one.split('@')[0] === other.split('@')[0] : one === other
  return same ? { type: 'one', name: nameIn(approver) } : { type: 'two' }
}

/** Why an ARN names nobody. */
function doubt(did: string, arn: string): string | undefined {
  const [, service, rest = ''] = /^arn:aws[a-z-]*:(iam|sts)::\d{12}:(.+)$/.exec(arn) ?? []
  if (service === undefined) return `it is not known who ${did}`
  if (rest === 'root') return `${did} was by the account's root user, who may be anybody`
  if (!/^(?:user|assumed-role|federated-user)\//.test(rest)) return `${arn}, who ${did}, is no person`
  return madeUp.test(nameIn(arn)) && !rest.startsWith('user/')
    ? `who ${did} has no name but ${nameIn(arn)}, which a tool made up`
    : undefined
}
