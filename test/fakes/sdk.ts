import type { CloudFormationClient } from '@aws-sdk/client-cloudformation'

type Answer = (input: Record<string, unknown>) => unknown

export type FakeSdk = Pick<CloudFormationClient, 'send'> & {
  /** Commands in the order in which they were sent, without `Command`. */
  readonly sent: { readonly name: string; readonly input: Record<string, unknown> }[]
}

/** A page of at most `most` items, from where its token says, and the next one's token. */
export function onePage<Item>(all: readonly Item[], most: number, token: unknown) {
  const from = Number(token ?? 0)
  const end = from + most
  return { items: all.slice(from, end), NextToken: end < all.length ? String(end) : undefined }
}

/** A client that answers by the command's name; an Error that is returned is thrown. */
export function fakeSdk(answers: Readonly<Record<string, Answer>>): FakeSdk {
  const sent: { name: string; input: Record<string, unknown> }[] = []
  const send = (command: { constructor: { name: string }; input: Record<string, unknown> }): Promise<unknown> => {
    const name = command.constructor.name.replace(/Command$/, '')
    sent.push({ name, input: command.input })
    const answer = answers[name]?.(command.input)
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? {})
  }
  return { sent, send } as unknown as FakeSdk
}
