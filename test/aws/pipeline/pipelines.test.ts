import assert from 'node:assert/strict'
import type { CodePipelineClient } from '@aws-sdk/client-codepipeline'
import { toRigletError } from '../../../scripts/aws/client/failures.ts'
import { makePipelines } from '../../../scripts/aws/pipeline/pipelines.ts'
import { fakeSdk, onePage } from '../../fakes/sdk.ts'

const options = { region: 'eu-central-1' }
const over = (answers: Parameters<typeof fakeSdk>[0]) =>
  makePipelines(options, fakeSdk(answers) as unknown as Pick<CodePipelineClient, 'send'>)

const refusal = (name: string): Error =>
  toRigletError(Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } }), options) as Error

describe('pipelines', () => {
  for (const name of ['PipelineExecutionNotFoundException', 'ValidationException'])
    it(`have no execution that AWS answers with ${name}`, async () => {
      const pipelines = over({ GetPipelineExecution: () => refusal(name) })
      assert.equal(await pipelines.execution('p', 'e7'), undefined)
    })

  it('do not take a missing right for a missing execution', async () => {
    const pipelines = over({ GetPipelineExecution: () => refusal('AccessDeniedException') })
    await assert.rejects(pipelines.execution('p', 'e7'), /AccessDenied/)
  })

  it('tell the runs of every page, and which of them ask a person', async () => {
    const pipelines = over({
      ListActionExecutions: ({ nextToken }) =>
        nextToken === undefined
          ? {
              nextToken: 'more',
              actionExecutionDetails: [
                {
                  actionExecutionId: 'run-2',
                  stageName: 'Production',
                  actionName: 'Approve',
                  status: 'InProgress',
                  startTime: new Date(2000),
                  input: { actionTypeId: { category: 'Approval' } },
                },
              ],
            }
          : {
              actionExecutionDetails: [
                {
                  actionExecutionId: 'run-1',
                  stageName: 'Bake',
                  actionName: 'Bake',
                  status: 'Failed',
                  startTime: new Date(1000),
                  output: {
                    executionResult: { externalExecutionSummary: 'ended', errorDetails: { message: 'exit status 2' } },
                  },
                },
              ],
            },
    })
    const told = (await pipelines.runs('p', 'e1')).map(({ id, started, approval, error, summary }) => ({
      id,
      started,
      approval,
      error,
      summary,
    }))
    assert.deepEqual(told, [
      { id: 'run-2', started: 2000, approval: true, error: '', summary: '' },
      { id: 'run-1', started: 1000, approval: false, error: 'exit status 2', summary: 'ended' },
    ])
  })

  it('are asked no further than the first page of nothing but runs that are too old', async () => {
    const ages = [3000, 1500, 900, 800, 700, 600]
    const sdk = fakeSdk({
      ListActionExecutions: ({ nextToken: token }) => {
        const { items, NextToken: nextToken } = onePage(ages, 2, token)
        return {
          nextToken,
          actionExecutionDetails: items.map((time) => ({ actionExecutionId: `${time}`, startTime: new Date(time) })),
        }
      },
    })
    const pipelines = makePipelines(options, sdk as unknown as Pick<CodePipelineClient, 'send'>)
    const runs = await pipelines.runsSince('p', 1000)
    assert.deepEqual(
      runs.map(({ started }) => started),
      [3000, 1500, 900, 800],
    )
    assert.equal(sdk.sent.length, 2)
  })
})
