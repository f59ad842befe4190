import { readFile } from 'node:fs/promises'
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { RigletError } from '../core/errors.ts'
import type { Buckets } from '../core/ports/buckets.ts'
import { carriesTags } from '../core/tags.ts'
import { makeClient, type ClientOptions } from './client/clients.ts'
import { awsCode } from './client/failures.ts'
import { listAll } from './client/paged.ts'

export function makeBuckets(options: ClientOptions): Buckets {
  const client = makeClient(S3Client, options)

  const tagsOf = async (bucket: string): Promise<Record<string, string>> => {
    try {
      const { TagSet = [] } = await client.send(new GetBucketTaggingCommand({ Bucket: bucket }))
      return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]))
    } catch (error) {
      if (/^NoSuch(?:TagSet|Bucket)/.test(awsCode(error) ?? '')) return {}
      throw error
    }
  }

  const metadata: Buckets['metadata'] = async (bucket, key, version) => {
    try {
      const asked = new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: version })
      return (await client.send(asked)).Metadata ?? {}
    } catch (error) {
      // Without a body the answer has no code of its own.
      if (/^(?:NotFound|NoSuchKey)$/.test(awsCode(error) ?? '')) return undefined
      throw error
    }
  }

  return {
    find: async (prefix, tags) => {
      const asked = { Prefix: prefix, BucketRegion: options.region }
      const found = await listAll(
        (ContinuationToken) => client.send(new ListBucketsCommand({ ...asked, ContinuationToken })),
        (page) => page.Buckets,
        'ContinuationToken',
      )
      const names = found.map(({ Name = '' }) => Name).filter((name) => name.startsWith(prefix))
      const ours: string[] = []
      for (const name of names) if (carriesTags(await tagsOf(name), tags)) ours.push(name)
      return ours
    },
    // The first page again and again: deleting while paging would skip some.
    empty: async (bucket) => {
      for (let count = 0; ;) {
        const page = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }))
        const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = '', VersionId }) => ({
          Key,
          VersionId,
        }))
        if (objects.length === 0) return count
        const { Errors: errors = [] } = await client.send(
          new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
        )
        if (errors[0])
          throw new RigletError('AWS_REFUSED', `${bucket}/${errors[0].Key} cannot be deleted: ${errors[0].Message}`)
        count += objects.length
      }
    },
    remove: async (bucket) => {
      await client.send(new DeleteBucketCommand({ Bucket: bucket }))
    },
    get: async (bucket, key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
        return await Body?.transformToString()
      } catch (error) {
        if (awsCode(error) === 'NoSuchKey') return undefined
        throw error
      }
    },
    has: async (bucket, key) => (await metadata(bucket, key)) !== undefined,
    metadata,
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
    url: (bucket, key) => `https://${bucket}.s3.${options.region}.amazonaws.com/${key}`,
    put: async (bucket, key, body, metadata = {}) => {
      const { VersionId } = await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Metadata: { ...metadata },
          // Whole: a stream would be sent in signed chunks, which costs more than the memory.
          Body: typeof body === 'string' ? body : await readFile(body.file),
        }),
      )
      return { version: VersionId }
    },
  }
}
