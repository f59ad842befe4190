import assert from 'node:assert/strict'
import { checkSettings } from '../../../scripts/actions/riglet/check-settings.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeFiles, fakePorts, fakeRegion } from '../../fakes/regional.ts'
import { settings } from '../../fakes/riglet.ts'
import { answering } from '../../fakes/terminal.ts'

const check = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const terminal = answering()
  await checkSettings(settings, fakePorts(terminal, fakeRegion(), { files: fakeFiles(files) }))
  return terminal.shown
}

describe('check-env', () => {
  it('tells whom AWS knows us for, with environments.yaml and without', async () => {
    const shown = ['acme-shop in account 123456789012, region eu-central-1: settings are complete.']
    assert.deepEqual(await check({}), shown)
    assert.deepEqual(await check({ 'environments.yaml': 'environments: {}\n' }), shown)
  })

  it('names every fault of environments.yaml', async () => {
    const work = check({ 'environments.yaml': 'environments: { test: {}, staging: { app: {} } }\n' })
    await assert.rejects(work, ({ code, message, exitCode }: RigletError) => {
      assert.deepEqual([code, exitCode], ['SETTINGS', 2])
      return /environments\.yaml:1:17: test .*\n.*environments\.yaml:1:38: app /.test(message)
    })
  })
})
