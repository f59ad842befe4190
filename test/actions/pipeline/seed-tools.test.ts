import assert from 'node:assert/strict'
import { seedTools } from '../../../scripts/actions/pipeline/seed-tools.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import type { Ports } from '../../../scripts/core/ports.ts'
import { fakeBuckets, fakeTerminal } from '../../fakes/image-ports.ts'

/** setup/build-tools, as a machine answers it; `asked` are its words. */
function world(answer: (verb: string, part: string) => string, code = 0) {
  const asked: string[] = []
  const buckets = fakeBuckets()
  const processes = {
    run: (_: string, [, verb = '', part = '']: readonly string[]) => {
      asked.push(`${verb} ${part}`)
      return Promise.resolve({ code, stdout: `${answer(verb, part)}\n`, stderr: 'go is missing' })
    },
  }
  const ports = { buckets, processes, terminal: fakeTerminal() } as unknown as Ports
  return { asked, buckets, ports }
}

const linux = (verb: string, part: string): string =>
  verb === 'key' ? `tools/${part}.tar.gz` : `/cache/${part}.tar.gz`

describe('seed-tools', () => {
  it('sends each archive once, however often somebody pushes', async () => {
    const { asked, buckets, ports } = world(linux)
    await seedTools('artifacts', ports)
    await seedTools('artifacts', ports)
    assert.deepEqual(
      [...buckets.objects],
      [
        ['artifacts/tools/node.tar.gz', 'file /cache/node.tar.gz'],
        ['artifacts/tools/image.tar.gz', 'file /cache/image.tar.gz'],
      ],
    )
    assert.deepEqual(asked, ['key node', 'pack node', 'key image', 'pack image', 'key node', 'key image'])
  })

  it('leaves it to the first build where this machine cannot make them', async () => {
    const { buckets, ports } = world(() => '')
    await seedTools('artifacts', ports)
    assert.equal(buckets.objects.size, 0)
  })

  it('tells what is missing here', async () => {
    const { ports } = world(linux, 1)
    await assert.rejects(
      seedTools('artifacts', ports),
      (error) => isRigletError(error, 'TOOL_FAILED') && /go is missing/.test(error.message),
    )
  })
})
