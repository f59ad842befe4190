import { request } from 'node:http'
import { jsonIfAny, withTexts } from '../scripts/core/json.ts'

/** What a visitor saw: every request, and who answered. */
export type Tally = {
  readonly sent: number
  /** No answer, or an answer of 500 and above. */
  readonly lost: readonly Loss[]
  /** Version -> answers. */
  readonly versions: Readonly<Record<string, number>>
  /** The AMI that answered last. */
  readonly image: string
}

export type Loss = { readonly at: string; readonly why: string }

/** A visitor who asks again and again. */
export type Traffic = {
  /** Begins to ask `url` (which answers JSON with version and image), `perSecond` times a second. */
  readonly start: (url: string, perSecond: number) => Promise<Visitor>
}

export type Visitor = {
  readonly tally: () => Tally
  /** Waits for the answers that are still out. */
  readonly stop: () => Promise<Tally>
}

const patience = 10_000
export const identity = withTexts('version', 'imageId')

/** Asks without keeping connections, so that every request finds its own way, as visitors' do. */
export function makeTraffic(): Traffic {
  return {
    start: async (url, perSecond) => {
      const lost: Loss[] = []
      const versions: Record<string, number> = {}
      const open = new Set<Promise<void>>()
      let sent = 0
      let image = ''
      const one = async (): Promise<void> => {
        sent += 1
        try {
          const { status, body } = await get(url)
          if (status !== 200) throw new Error(`status ${status}`)
          const answer = jsonIfAny(body)
          if (!identity.is(answer)) throw new Error(`an answer that is not ${identity.what}`)
          versions[answer.version] = (versions[answer.version] ?? 0) + 1
          image = answer.imageId
        } catch (error) {
          lost.push({ at: new Date().toISOString(), why: error instanceof Error ? error.message : String(error) })
        }
      }
      const timer = setInterval(() => {
        const asked = one().finally(() => open.delete(asked))
        open.add(asked)
      }, 1000 / perSecond)
      const tally = (): Tally => ({ sent, lost: [...lost], versions: { ...versions }, image })
      return {
        tally,
        stop: async () => {
          clearInterval(timer)
          await Promise.all(open)
          return tally()
        },
      }
    },
  }
}

/** One question, over a connection of its own. */
export const get = (url: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, timeout: patience }, (reply) => {
      const chunks: Buffer[] = []
      reply.on('data', (chunk: Buffer) => chunks.push(chunk))
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(chunks).toString() }))
      reply.on('error', reject)
    })
    asked.on('timeout', () => asked.destroy(new Error(`no answer in ${patience / 1000} s`)))
    asked.on('error', reject)
    asked.end()
  })
