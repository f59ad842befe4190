import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type { Parameters } from '../core/ports/parameters.ts'
import { makeClient, type ClientOptions } from './client/clients.ts'
import { awsCode } from './client/failures.ts'

/** DeleteParameters takes ten names at a time.
 *  https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html */
const batch = 10

export function makeParameters(options: ClientOptions): Parameters {
  const client = makeClient(SSMClient, options)
  const under = async (path: string): Promise<ReadonlyMap<string, string>> => {
    const found = new Map<string, string>()
    let next: string | undefined
    do {
      const page = await client.send(new GetParametersByPathCommand({ Path: path, Recursive: true, NextToken: next }))
      for (const { Name = '', Value = '' } of page.Parameters ?? []) found.set(Name, Value)
      next = page.NextToken
    } while (next)
    return found
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
      for (let start = 0; start < names.length; start += batch)
        await client.send(new DeleteParametersCommand({ Names: names.slice(start, start + batch) }))
    },
  }
}
