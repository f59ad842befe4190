import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { TrackerStore } from '../../core/ports/feeds/trackers.ts'
import { makeClient, type ClientOptions } from '../client/clients.ts'
import { awsCode } from '../client/failures.ts'

/**
 * What S3 says of a write whose condition does not hold: it was overtaken, another one is under way, or what was to be replaced
 * is gone. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
const overtaken = /^(?:PreconditionFailed|ConditionalRequestConflict|NoSuchKey)$/

export function makeS3Tracker(bucket: string, options: ClientOptions): TrackerStore {
  const client = makeClient(S3Client, options)
  return {
    where: (name) => `s3://${bucket}/${name}`,
    read: async (name) => {
      try {
        const { Body, ETag = '' } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: name }))
        return { text: (await Body?.transformToString()) ?? '', token: ETag }
      } catch (error) {
        if (awsCode(error) === 'NoSuchKey') return undefined
        throw error
      }
    },
    write: async (name, text, token) => {
      const condition = token === undefined ? { IfNoneMatch: '*' } : { IfMatch: token }
      try {
        await client.send(
          new PutObjectCommand({ Bucket: bucket, Key: name, Body: text, ContentType: 'text/plain', ...condition }),
        )
        return 'written'
      } catch (error) {
        if (overtaken.test(awsCode(error) ?? '')) return 'conflict'
        throw error
      }
    },
  }
}
