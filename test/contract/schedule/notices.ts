import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { until, type Ground } from '../rehearsal.ts'

/** What a topic tells, as somebody hears it who subscribed by HTTP. */
export async function listenTo({ aws: { cloudformation } }: Ground, topic: string) {
  const heard: string[] = []
  const server: Server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { Type, Message } = JSON.parse(Buffer.concat(chunks).toString()) as { Type: string; Message: string }
      if (Type === 'Notification') heard.push(Message)
      reply.end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const Properties = { TopicArn: topic, Protocol: 'http', Endpoint }
  const TemplateBody = JSON.stringify({ Resources: { Listener: { Type: 'AWS::SNS::Subscription', Properties } } })
  await cloudformation.send(new CreateStackCommand({ StackName: 'listener', TemplateBody }))
  await until(
    async () => (await cloudformation.send(new DescribeStacksCommand({ StackName: 'listener' }))).Stacks![0]!,
    ({ StackStatus }) => StackStatus === 'CREATE_COMPLETE',
  )
  return { heard, stop: () => new Promise<void>((done) => server.close(() => done())) }
}
