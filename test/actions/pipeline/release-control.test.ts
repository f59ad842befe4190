import assert from 'node:assert/strict'
import { releaseControl } from '../../../scripts/actions/pipeline/release-control.ts'
import { controlKey, type Control } from '../../../scripts/core/pipeline/control.ts'
import type { Ports } from '../../../scripts/core/ports/ports.ts'
import { fakeGit, fakeProcesses } from '../../fakes/checkout.ts'
import { fakeFiles } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'

const control: Control = {
  version: '1.0.0',
  commit: '9f3c2e1a'.repeat(5),
  tree: 'f00d',
  tools: ['packages-1-linux', 'runtime-2-linux', 'image-3-linux'],
}

/** A bucket, and what was sent to it since. */
function world() {
  const held = new Set<string>()
  let sent: string[] = []
  const buckets = {
    has: (_: string, key: string) => Promise.resolve(held.has(key)),
    put: (_: string, key: string) => {
      held.add(key)
      sent.push(key)
      return Promise.resolve({ version: undefined })
    },
  }
  const ports = {
    buckets,
    git: fakeGit(),
    files: fakeFiles({}),
    processes: fakeProcesses,
    terminal: answering(),
  } as unknown as Ports
  const release = async (one: Control): Promise<readonly string[]> => {
    sent = []
    await releaseControl(one, 'shared', ports)
    return sent
  }
  return { release }
}

describe('the environment of the jobs', () => {
  it('is sent once: other scripts with the same tools send the scripts alone (G28, G29)', async () => {
    const { release } = world()
    const first = await release(control)
    assert.deepEqual(
      first.map((key) => key.split('-')[0]),
      ['tools/runtime', 'tools/image', 'control/1.0.0'],
    )
    assert.deepEqual(await release(control), [])
    const next = { ...control, tree: 'beef' }
    assert.deepEqual(await release(next), [controlKey(next)])
  })

  it('is sent anew only as far as its inputs changed, which name it, and control names it then (G29)', async () => {
    const { release } = world()
    await release(control)
    const next = { ...control, tools: ['packages-1-linux', 'runtime-2-linux', 'image-4-linux'] }
    const sent = await release(next)
    assert.deepEqual(sent, ['tools/image-4-linux-imagesum.tar.gz', controlKey(next)])
    assert.notEqual(controlKey(next), controlKey(control))
  })
})
