import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
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
  const put = async (input: PutParameterCommandInput, tags: Readonly<Record<string, string>>): Promise<void> => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
    try {
      await client.send(new PutParameterCommand({ ...input, Type: 'String', Tags }))
    } catch (error) {
      // Tags and Overwrite exclude each other: what is there already has its tags.
      if (awsCode(error) !== 'ParameterAlreadyExists') throw error
      await client.send(new PutParameterCommand({ ...input, Type: 'String', Overwrite: true }))
    }
  }
  const get = async (name: string, WithDecryption: boolean): Promise<string | undefined> => {
    try {
      return (await client.send(new GetParameterCommand({ Name: name, WithDecryption }))).Parameter?.Value
    } catch (error) {
      if (awsCode(error) === 'ParameterNotFound') return undefined
      throw error
    }
  }
  return {
    get: (name) => get(name, false),
    secret: (name) => get(name, true),
    put: (name, value, tags) => put({ Name: name, Value: value }, tags),
    putImage: (name, id, description, tags) =>
      put({ Name: name, Value: id, Description: description, DataType: 'aws:ec2:image' }, tags),
    history: async (name) => {
      try {
        const found = await listAll(
          (NextToken) => client.send(new GetParameterHistoryCommand({ Name: name, NextToken })),
          (page) => page.Parameters,
        )
        return found
          .toSorted((one, other) => (one.Version ?? 0) - (other.Version ?? 0))
          .map(({ Value = '', Description = '', LastModifiedDate }) => ({
            value: Value,
            description: Description,
            time: LastModifiedDate?.getTime() ?? 0,
          }))
      } catch (error) {
        if (awsCode(error) === 'ParameterNotFound') return []
        throw error
      }
    },
    values: under,
    list: async (path) => [...(await under(path)).keys()],
    remove: async (names) => {
      for (const Names of batchesOf(names, mostAtOnce)) await client.send(new DeleteParametersCommand({ Names }))
    },
  }
}
