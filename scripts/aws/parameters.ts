import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { batchesOf } from '../core/batches.ts'
import type { Parameters } from '../core/ports/parameters.ts'
import { makeClient, type ClientOptions } from './client/clients.ts'
import { awsCode } from './client/failures.ts'
import { listAll } from './client/paged.ts'

/** DeleteParameters takes ten names at a time.
 *  https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html */
const mostAtOnce = 10

export function makeParameters(options: ClientOptions): Parameters {
  const client = makeClient(SSMClient, options)
  const under = async (path: string): Promise<ReadonlyMap<string, string>> => {
    const found = await listAll(
      (NextToken) => client.send(new GetParametersByPathCommand({ Path: path, Recursive: true, NextToken })),
      (page) => page.Parameters,
    )
    return new Map(found.map(({ Name = '', Value = '' }) => [Name, Value]))
  }
  return {
    get: async (name) => {
      try {
        return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value
      } catch (error) {
        if (awsCode(error) === 'ParameterNotFound') return undefined
        throw error
      }
    },
    put: async (name, value, tags) => {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
      try {
        await client.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Tags }))
      } catch (error) {
        // Tags and Overwrite exclude each other: what is there already has its tags.
        if (awsCode(error) !== 'ParameterAlreadyExists') throw error
        await client.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }))
      }
    },
    values: under,
    list: async (path) => [...(await under(path)).keys()],
    remove: async (names) => {
      for (const Names of batchesOf(names, mostAtOnce)) await client.send(new DeleteParametersCommand({ Names }))
    },
  }
}
