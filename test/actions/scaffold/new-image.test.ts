import assert from 'node:assert/strict'
import { newImage } from '../../../scripts/actions/scaffold/new-image.ts'
import { isRigletError } from '../../../scripts/core/errors.ts'
import { fakeFiles, fakeTerminal } from '../../fakes/image-ports.ts'

const world = () => {
  const files = fakeFiles({
    'packer/web/web.pkrvars.hcl': 'version = "1.0.0"',
    'packer/web/image.pkr.hcl': 'Image = "web"',
    'packer/web/provision/20-packages.sh': 'apt-get install web',
    'packer/api/api.pkrvars.hcl': 'version = "2.0.0"',
    'packer/shared/ca.pem': 'x',
  })
  const terminal = fakeTerminal()
  const make = (settings: { readonly IMAGE: string; readonly FROM?: string }) => newImage(settings, { files, terminal })
  return { files, terminal, make }
}

describe('make new-image', () => {
  it('makes a folder of an image, says what makes it another one, and edits nothing else (G06)', async () => {
    const { files, terminal, make } = world()
    const before = new Map(files.content)
    await make({ IMAGE: 'runner' })
    const made = [...files.content].filter(([path]) => !before.has(path))
    assert.deepEqual(Object.fromEntries(made), {
      'packer/runner/runner.pkrvars.hcl': 'version = "1.0.0"',
      'packer/runner/image.pkr.hcl': 'Image = "runner"',
      'packer/runner/provision/20-packages.sh': 'apt-get install web',
    })
    for (const [path, text] of before) assert.equal(files.content.get(path), text)
    assert.deepEqual(terminal.shown, ['packer/runner'])
    assert.match(terminal.said.join('\n'), /runner\.pkrvars\.hcl  version[^]*Then: make bake IMAGE=runner/)
  })

  it('makes it of the image that FROM names (G07)', async () => {
    const { files, make } = world()
    await make({ IMAGE: 'runner', FROM: 'api' })
    assert.equal(files.content.get('packer/runner/runner.pkrvars.hcl'), 'version = "2.0.0"')
  })

  const refused: readonly (readonly [string, Parameters<ReturnType<typeof world>['make']>[0], RegExp])[] = [
    ['an image that is there', { IMAGE: 'web' }, /^packer\/web is there already/],
    ['a folder that is there and is no image', { IMAGE: 'shared' }, /^packer\/shared is there already/],
    ["an image's id", { IMAGE: 'ami-0123456789abcdef0' }, /^IMAGE=ami-0123456789abcdef0 is not the name of a folder/],
    ['a path', { IMAGE: '../elsewhere' }, /^IMAGE=\.\.\/elsewhere is not the name of a folder/],
    ['FROM what is no image', { IMAGE: 'runner', FROM: 'shared' }, /^There is no image shared/],
    ['FROM a path', { IMAGE: 'runner', FROM: 'web/../web' }, /^There is no image web\/\.\.\/web/],
  ]
  for (const [title, settings, message] of refused)
    it(`refuses ${title}, and writes nothing`, async () => {
      const { files, make } = world()
      const before = new Map(files.content)
      await assert.rejects(make(settings), (error) => isRigletError(error) && message.test(error.message))
      assert.deepEqual(files.content, before)
    })
})
