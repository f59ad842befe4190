import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/newcomer</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`
const nothing = (action: string): string => `<${action}Response><${action}Result></${action}Result></${action}Response>`

/** An account in which there is nothing; it remembers what it was asked. */
export async function emptyAccount(asked: string[] = []): Promise<Server> {
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const action = new URLSearchParams(Buffer.concat(chunks).toString()).get('Action')
      asked.push(action ?? `${request.headers['x-amz-target'] ?? request.url}`)
      if (action === null) reply.setHeader('content-type', 'application/x-amz-json-1.1').end('{}')
      else reply.setHeader('content-type', 'text/xml').end(action === 'GetCallerIdentity' ? identity : nothing(action))
    })
  })
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up))
  return server
}

export const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
