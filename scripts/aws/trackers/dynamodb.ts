import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { TrackerStore } from '../../core/ports/feeds/trackers.ts'
import { makeClient, type ClientOptions } from '../client/clients.ts'
import { awsCode } from '../client/failures.ts'

/**
 * An item each in a table whose partition key is the text `Name`. An item counts how often it was written.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.ConditionalUpdate
 */
export function makeDynamoTracker(table: string, options: ClientOptions): TrackerStore {
  const client = makeClient(DynamoDBClient, options)
  return {
    where: (name) => `dynamodb://${table}/${name}`,
    read: async (name) => {
      const asked = { TableName: table, Key: { Name: { S: name } }, ConsistentRead: true }
      const { Item } = await client.send(new GetItemCommand(asked))
      return Item === undefined ? undefined : { text: Item['Text']?.S ?? '', token: Item['Revision']?.N ?? '0' }
    },
    write: async (name, text, token) => {
      const item = { Name: { S: name }, Text: { S: text }, Revision: { N: String(Number(token ?? 0) + 1) } }
      const condition =
        token === undefined
          ? { ConditionExpression: 'attribute_not_exists(#name)', ExpressionAttributeNames: { '#name': 'Name' } }
          : {
              ConditionExpression: '#revision = :revision',
              ExpressionAttributeNames: { '#revision': 'Revision' },
              ExpressionAttributeValues: { ':revision': { N: token } },
            }
      try {
        await client.send(new PutItemCommand({ TableName: table, Item: item, ...condition }))
        return 'written'
      } catch (error) {
        if (awsCode(error) === 'ConditionalCheckFailedException') return 'conflict'
        throw error
      }
    },
  }
}
