import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/'
const arn = (kind: string, name: string): string => `arn:aws:cloudformation:us-east-1:123456789012:${kind}/${name}/1`

export type Door = {
  readonly endpoint: string
  /** Actions in the order in which they were asked for. */
  readonly asked: string[]
  /** Resolves when an action is asked for. */
  readonly on: (action: string) => Promise<void>
  /** What is there: an empty stack, and its change set. */
  readonly left: () => { stack: boolean; set: boolean }
  readonly close: () => void
}

/**
 * CloudFormation as far as a first plan of one stack goes, on a socket, for scripts in a process of their own. A change
 * set is made (`making`: never done before somebody wants it gone), and refuses to be deleted until then, as on AWS.
 */
export async function openDoor({ making }: { readonly making: boolean }): Promise<Door> {
  const asked: string[] = []
  const waiting: { action: string; tell: () => void }[] = []
  let [stack, set, refusals] = ['', '', making ? 1 : 0]

  const failure = (code: string, words: string): [number, string] => [
    400,
    `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${words}</Message></Error></ErrorResponse>`,
  ]
  const done = (action: string, inner = ''): [number, string] => [
    200,
    `<${action}Response xmlns="${namespace}"><${action}Result>${inner}</${action}Result></${action}Response>`,
  ]
  const answer = (form: URLSearchParams): [number, string] => {
    const action = form.get('Action')!
    switch (action) {
      case 'DescribeStacks':
        if (stack === '') return failure('ValidationError', `Stack with id ${form.get('StackName')} does not exist`)
        return done(
          action,
          `<Stacks><member><StackName>${stack}</StackName><StackId>${arn('stack', stack)}</StackId><StackStatus>REVIEW_IN_PROGRESS</StackStatus><CreationTime>2026-01-31T12:00:00Z</CreationTime></member></Stacks>`,
        )
      case 'CreateChangeSet':
        ;[stack, set] = [form.get('StackName')!, form.get('ChangeSetName')!]
        return done(action, `<Id>${arn('changeSet', set)}</Id><StackId>${arn('stack', stack)}</StackId>`)
      case 'DescribeChangeSet':
        return done(
          action,
          `<ChangeSetId>${arn('changeSet', set)}</ChangeSetId><StackId>${arn('stack', stack)}</StackId><Status>${making ? 'CREATE_IN_PROGRESS' : 'CREATE_COMPLETE'}</Status><ExecutionStatus>AVAILABLE</ExecutionStatus><Changes/>`,
        )
      case 'ListChangeSets':
        return done(action, '<Summaries/>')
      case 'DeleteChangeSet':
        if (refusals-- > 0)
          return failure('InvalidChangeSetStatus', 'cannot be deleted in its current status of [CREATE_IN_PROGRESS]')
        set = ''
        return done(action)
      case 'DeleteStack':
        stack = ''
        return done(action)
      default:
        return failure('NotImplemented', action)
    }
  }

  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const form = new URLSearchParams(body)
      const action = form.get('Action') ?? ''
      asked.push(action)
      const [status, text] = answer(form)
      response.writeHead(status, { 'content-type': 'text/xml' }).end(text)
      for (const each of waiting) if (each.action === action) each.tell()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    on: (action) => new Promise((tell) => waiting.push({ action, tell })),
    left: () => ({ stack: stack !== '', set: set !== '' }),
    close: () => void server.close().closeAllConnections(),
  }
}
