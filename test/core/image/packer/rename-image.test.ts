import assert from 'node:assert/strict'
import { renameImage } from '../../../../scripts/core/image/packer/rename-image.ts'

const renamed = (line: string, from = 'web', to = 'runner'): string =>
  renameImage(new Map([['image.pkr.hcl', line]]), from, to).get('image.pkr.hcl')?.text ?? line

describe('the Packer files of an image, as another one has them', () => {
  const lines: readonly (readonly [string, string])[] = [
    ['Image = "web"', 'Image = "runner"'],
    ['source "amazon-ebs" "web" {', 'source "amazon-ebs" "runner" {'],
    ['sources = ["source.amazon-ebs.web"]', 'sources = ["source.amazon-ebs.runner"]'],
    [
      'ami_description = "web ${var.version} of ${var.owner}"',
      'ami_description = "runner ${var.version} of ${var.owner}"',
    ],
    ['description = "Version, from web.pkrvars.hcl."', 'description = "Version, from runner.pkrvars.hcl."'],
    ['  // What web listens to.', '  // What runner listens to.'],
  ]
  for (const [line, expected] of lines) it(`name it: ${line}`, () => assert.equal(renamed(line), expected))

  const kept = ['"${path.root}/files/web-server.conf"', '"web.conf"', 'web = var.web', '"${var.web}"', '"cobweb"']
  for (const line of kept) it(`keep what only looks like its name: ${line}`, () => assert.equal(renamed(line), line))

  for (const line of ['variable "version" {', '  provisioner "shell" {', '  post-processor "manifest" {'])
    it(`keep what Packer knows by that name: ${line}`, () => {
      const word = /"(.*)"/.exec(line)![1]!
      assert.equal(renamed(line, word), line)
    })

  it('call the variable file after it, and leave out what stays', () => {
    const texts = new Map([
      ['web.pkrvars.hcl', 'version = "1"'],
      ['variables.pkr.hcl', 'variable "version" {}'],
    ])
    assert.deepEqual(
      [...renameImage(texts, 'web', 'runner')],
      [['web.pkrvars.hcl', { path: 'runner.pkrvars.hcl', text: 'version = "1"' }]],
    )
  })
})
