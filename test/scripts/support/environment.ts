import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** AWS's own example of keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html */
export const exampleKeys = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMIK7MDENGbPxRfiCY',
}

/** All that a script sees: nothing of whoever runs the tests but the programs. */
export const scriptEnvironment = (more: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'riglet-compile-cache'),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...more,
})
