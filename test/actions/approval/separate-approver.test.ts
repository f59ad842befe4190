import assert from 'node:assert/strict'
import { approve } from '../../../scripts/actions/approval/answer-approval.ts'
import { makePacket } from '../../../scripts/actions/approval/make-packet.ts'
import type { Packet } from '../../../scripts/core/approval/packet.ts'
import { metadataOf } from '../../../scripts/core/source/pushed.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { settings, job, world, waiting } from './support/waiting.ts'

describe('approving where another than who pushed has to', () => {
  const ada = 'arn:aws:iam::123456789012:user/ada'
  const separate = async (pusher?: string) => {
    const all = await waiting()
    const jobs = 'acme-shop-jobs-web-main'
    const parameters = { SeparateApprover: 'yes' }
    all.region.stacks.states.set(jobs, { ...all.region.stacks.states.get(jobs)!, parameters })
    if (pusher === undefined) return all
    const [[key, text]] = [...all.buckets.objects] as [[string, string]]
    const source = { commit: 'c', message: 'm', author: 'Ann', pusher }
    all.buckets.objects.set(key, JSON.stringify({ ...(JSON.parse(text) as Packet), source }))
    return all
  }
  const answered = async (pusher?: string) => {
    const { ports, pipelines, digest } = await separate(pusher)
    await approve({ ...settings, DIGEST: digest }, ports)
    return pipelines.answers.length
  }

  it('is refused from who pushed, with the reason, before anything is answered', async () => {
    await assert.rejects(answered(ada), (error: RigletError) => {
      assert.equal(error.message, 'ada pushed this, and somebody else has to approve it: SEPARATE_APPROVER is set.')
      assert.equal(error.remedy, 'Nothing was approved. Somebody else approves.')
      return true
    })
  })

  it('is refused where nobody can tell who pushed', async () => {
    await assert.rejects(answered(), /cannot be told, and has to be: SEPARATE_APPROVER is set, and it is not known who/)
    await assert.rejects(answered('arn:aws:sts::123456789012:assumed-role/A/botocore-session-1'), /a tool made up/)
  })

  it('is taken from somebody else', async () => assert.equal(await answered('arn:aws:iam::123456789012:user/bob'), 1))

  it('is asked of nobody where it is not set: no call for it', async () => {
    const { ports, digest } = await waiting()
    const account = { ...ports.account, caller: () => Promise.reject(new Error('asked')) }
    await approve({ ...settings, DIGEST: digest }, { ...ports, account })
  })

  it('stands in the packet, with author and pusher', async () => {
    const all = world()
    const ports = { ...all.ports, buckets: { ...all.buckets, metadata: () => Promise.resolve(pushedBy) } }
    await makePacket({ ...job, SEPARATE_APPROVER: 'yes', SOURCE_BUCKET: 's', SOURCE_VERSION: 'v' }, ports)
    const text = all.terminal.shown.at(-1)!
    assert.match(text, /^ {2}source +commit 9f3c2e1 "Ship it" by Ann Doe, pushed by ada$/m)
    assert.match(text, /^ {2}approver +somebody else than ada: SEPARATE_APPROVER is set$/m)
  })

  const pushedBy = metadataOf({ commit: '9f3c2e1a'.repeat(5), message: 'Ship it', author: 'Ann Doe', pusher: ada })
})
