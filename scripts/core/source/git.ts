/**
 * What keeps a person's own configuration out of git's answers: words before every command, and an environment. A value
 * of undefined unsets. Hooks and the file system monitor would run a program of theirs; a checkout that somebody else
 * owns is what `make` runs anyway, so git need not refuse it; replaced objects are not what was committed.
 * https://git-scm.com/docs/git#_environment_variables
 */
export const gitWords = [
  '--no-pager',
  '--no-replace-objects',
  '--no-optional-locks',
  '--literal-pathspecs',
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.quotePath=false', 'safe.directory=*'].flatMap((one) => [
    '-c',
    one,
  ]),
] as const

/** Which repository, which index, which configuration: git's own variables say it otherwise than the folder does. */
export const gitEnvironment: Readonly<Record<string, undefined>> = Object.fromEntries(
  [
    'GIT_ALTERNATE_OBJECT_DIRECTORIES',
    'GIT_ATTR_SOURCE',
    'GIT_CEILING_DIRECTORIES',
    'GIT_COMMON_DIR',
    'GIT_CONFIG',
    'GIT_CONFIG_COUNT',
    'GIT_CONFIG_PARAMETERS',
    'GIT_DEFAULT_HASH',
    'GIT_DIR',
    'GIT_EXTERNAL_DIFF',
    'GIT_GLOB_PATHSPECS',
    'GIT_GRAFT_FILE',
    'GIT_ICASE_PATHSPECS',
    'GIT_IMPLICIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_NAMESPACE',
    'GIT_NOGLOB_PATHSPECS',
    'GIT_OBJECT_DIRECTORY',
    'GIT_PREFIX',
    'GIT_REPLACE_REF_BASE',
    'GIT_SHALLOW_FILE',
    'GIT_WORK_TREE',
  ].map((name) => [name, undefined]),
)

/** A new, empty repository that borrows another one's objects knows no configuration and no attributes but the commit's. */
export const nobodysConfiguration: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
}

/**
 * How one commit stands to another: `unknown` is one that this repository does not have, `apart` has a line of its own.
 */
export type Relation = 'same' | 'newer' | 'older' | 'apart' | 'unknown'

/** Paths of `git status --porcelain=v2 -z --no-renames`: records that end in NUL, the path after a fixed number of fields.
 *  https://git-scm.com/docs/git-status#_porcelain_format_version_2 */
export const changedPaths = (porcelain: string): string[] =>
  porcelain.split('\0').flatMap((record) => /^(?:1(?: \S+){7}|u(?: \S+){9}|\?) (.+)$/su.exec(record)?.[1] ?? [])
