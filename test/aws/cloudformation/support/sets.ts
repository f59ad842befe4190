import { makeChangeSets } from '../../../../scripts/aws/cloudformation/change-sets.ts'
import { toRigletError } from '../../../../scripts/aws/client/failures.ts'
import type { PlannedChanges } from '../../../../scripts/core/ports/stacks.ts'
import type { DesiredStack } from '../../../../scripts/core/stack/desired.ts'
import { fakeClock } from '../../../fakes/image-ports.ts'
import type { FakeSdk } from '../../../fakes/sdk.ts'
import { stackState } from '../../../fakes/stacks.ts'

export const desired: DesiredStack = {
  name: 'web',
  title: 'web',
  file: 'web.yaml',
  template: 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n',
  parameters: { A: '1' },
  tags: { Owner: 'acme' },
  capabilities: ['CAPABILITY_NAMED_IAM'],
}
/** A refusal of CloudFormation, as our client tells it. */
export const refused = (name: string, message: string): Error =>
  toRigletError(Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } }), {
    region: 'r',
  }) as Error
/** What CloudFormation says of a change set. */
export const set = (more: object = {}) => ({
  ChangeSetId: 'arn:aws:cloudformation:r:1:changeSet/riglet-x/1',
  StackId: 'arn:stack/web',
  Status: 'CREATE_COMPLETE',
  ...more,
})
export const planned: PlannedChanges = {
  type: 'changes',
  stack: 'web',
  stackId: 'arn:stack/web',
  operation: 'create',
  changeSet: set().ChangeSetId,
  changes: [],
}

/** Waits for nothing. */
export const rest = (): Promise<void> => Promise.resolve()
export const port = (sdk: FakeSdk, status?: string) =>
  makeChangeSets(sdk, {
    find: () => Promise.resolve(status === undefined ? undefined : stackState('web', status)),
    clock: fakeClock(),
    rest,
  })

/** The operations that were asked for. */
export const names = (sdk: FakeSdk): string[] => sdk.sent.map(({ name }) => name)
