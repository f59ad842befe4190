import {
  ContinueUpdateRollbackCommand,
  RollbackStackCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation'
import type { Clock } from '../../core/ports/local/clock.ts'
import type { Stacks } from '../../core/ports/stacks.ts'
import { requestToken } from '../client/request-token.ts'

/** Roll-backs that a person asks for. Without a role named, CloudFormation uses the one that the stack has. */
export function makeRollbacks(
  client: Pick<CloudFormationClient, 'send'>,
  clock: Clock,
): Pick<Stacks, 'continueRollback' | 'rollBack'> {
  const newToken = (): string => requestToken('rollback', clock.now())
  return {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html
    continueRollback: async (StackName, skip) => {
      const ClientRequestToken = newToken()
      await client.send(
        new ContinueUpdateRollbackCommand({
          StackName,
          ClientRequestToken,
          ...(skip.length > 0 ? { ResourcesToSkip: [...skip] } : {}),
        }),
      )
      return ClientRequestToken
    },
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html
    rollBack: async (StackName) => {
      const ClientRequestToken = newToken()
      await client.send(new RollbackStackCommand({ StackName, ClientRequestToken }))
      return ClientRequestToken
    },
  }
}
