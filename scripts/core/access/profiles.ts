/** Profiles of ~/.aws/config and ~/.aws/credentials, by name. */
export type Profiles = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>

/** A profile, and by what it gets its credentials. */
export type Link = {
  readonly name: string
  readonly data: Readonly<Record<string, string | undefined>>
  readonly by: 'role' | 'keys' | 'web identity' | 'process' | 'sso' | 'login' | 'nothing'
}

const sources = ['Environment', 'Ec2InstanceMetadata', 'EcsContainer']

/** In the order in which the SDK looks; a profile that others stand on gives its keys before it takes a role. */
function wayOf(data: Link['data'], below: boolean): Link['by'] {
  const keys = data['aws_access_key_id'] !== undefined || data['aws_secret_access_key'] !== undefined
  if (below && keys) return 'keys'
  if (data['role_arn'] !== undefined && data['web_identity_token_file'] === undefined) return 'role'
  if (keys) return 'keys'
  if (data['web_identity_token_file'] !== undefined) return 'web identity'
  if (data['credential_process'] !== undefined) return 'process'
  if (['sso_session', 'sso_start_url', 'sso_account_id', 'sso_role_name'].some((name) => data[name])) return 'sso'
  return data['login_session'] === undefined ? 'nothing' : 'login'
}

/** A profile and those that it stands on, as far as they go. */
export function chainOf(name: string, profiles: Profiles): readonly Link[] {
  const links: Link[] = []
  for (let next: string | undefined = name; next !== undefined;) {
    const data: Link['data'] | undefined = Object.hasOwn(profiles, next) ? profiles[next] : undefined
    if (data === undefined) break
    const by = wayOf(data, links.length > 0)
    links.push({ name: next, data, by })
    const source: string | undefined = by === 'role' ? data['source_profile'] : undefined
    // A role may stand on keys of its own profile; another circle leads nowhere.
    if (source !== next && links.some((link) => link.name === source)) break
    next = source !== next || data['aws_access_key_id'] !== undefined ? source : undefined
  }
  return links
}

/** What is wrong with a chain, of which the SDK would make nothing, or take other credentials without a word. */
export function faultsOf(chain: readonly Link[], profiles: Profiles, sessions: Profiles): readonly string[] {
  return chain.flatMap(({ name, data, by }, at) => {
    const { source_profile: source, credential_source: other } = data
    if (by === 'role') {
      if (source === undefined && other === undefined)
        return [`profile ${name} has a role_arn, and neither source_profile nor credential_source`]
      if (source !== undefined && other !== undefined)
        return [`profile ${name} has both source_profile and credential_source`]
      if (other !== undefined && !sources.includes(other))
        return [`credential_source = ${other} of profile ${name} is none of ${sources.join(', ')}`]
      if (source !== undefined && !Object.hasOwn(profiles, source))
        return [`source_profile = ${source} of profile ${name} does not exist`]
      if (source !== undefined && chain[at + 1] === undefined)
        return [`profiles stand on each other in a circle: ${[...chain.map((link) => link.name), source].join(' -> ')}`]
    }
    if (by === 'keys' && (data['aws_access_key_id'] === undefined || data['aws_secret_access_key'] === undefined))
      return [`profile ${name} has one of aws_access_key_id and aws_secret_access_key, not both`]
    if (by === 'web identity' && data['role_arn'] === undefined)
      return [`profile ${name} has a web_identity_token_file and no role_arn`]
    const session = data['sso_session']
    if (by === 'sso' && session !== undefined && !Object.hasOwn(sessions, session))
      return [`sso_session = ${session} of profile ${name}: there is no [sso-session ${session}]`]
    return []
  })
}

/** What gives this chain new credentials, in words. */
export function remedyOf(chain: readonly Link[]): string {
  const link = chain.at(-1)
  const [name, role] = [link?.name ?? '', chain[0]?.name === link?.name ? '' : `, on which ${chain[0]?.name} stands`]
  switch (link?.by) {
    case 'sso':
      return `Log in: aws sso login --profile ${name}`
    case 'login':
      return `Log in: aws login --profile ${name}`
    case 'process':
      return `The credential_process of profile ${name}${role} gives them: run it by itself and see what it says.`
    case 'web identity':
      return `Look at the web_identity_token_file and the role_arn of profile ${name}${role}.`
    case 'keys':
      return `Look at the keys of profile ${name}${role}.`
    case 'role':
      return `Profile ${name} takes them from credential_source = ${link.data['credential_source']}: is there any here?`
    default:
      return `Profile ${name} has no keys, no role and no login: see \`aws configure list --profile ${name}\`, or choose another PROFILE.`
  }
}

/** A line of such a file that means nothing. */
export type Malformed = { readonly line: number; readonly what: string }

/** The SDK skips what it does not understand, and would go on without a role or with other keys. Values stay unsaid. */
export function malformedLines(text: string): readonly Malformed[] {
  let section = false
  return text.split(/\r?\n/).flatMap((whole, index) => {
    const line = index + 1
    const words = whole.trim()
    if (words === '' || /^[#;]/.test(words)) return []
    if (words.startsWith('[')) {
      section = true
      return /^\[[^\]]+\]\s*(?:[#;].*)?$/.test(words) ? [] : [{ line, what: 'begins with [ and is no [section]' }]
    }
    if (!section) return [{ line, what: 'stands before any [section]' }]
    // What is indented goes on with the line before.
    if (/^\s/.test(whole) || words.indexOf('=') > 0) return []
    // A word in front may be shown; what stands alone might be a key.
    const name = /^[a-z]+(?:_[a-z]+)*(?=[\s:])/.exec(words)?.[0]
    return [{ line, what: `is not of the form ${name ?? 'name'} = value` }]
  })
}
