import type { AwsCliCommand } from '../../core/ports/cli.ts'
import type { ClientOptions } from './clients.ts'

/** The AWS CLI knows nothing of .make: without these words it would ask another region, or another account. */
export const awsCliCommand =
  ({ region, profile }: ClientOptions): AwsCliCommand =>
  (words) =>
    Promise.resolve([`aws ${words}`, `--region ${region}`, ...(profile ? [`--profile ${profile}`] : [])].join(' '))
