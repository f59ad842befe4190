import assert from 'node:assert/strict'
import { metadataOf, readMetadata } from '../../../scripts/core/source/pushed.ts'

const pushed = {
  ...{ commit: '9f3c2e1a'.repeat(5), message: 'Zoë’s header', author: 'Ann Doë' },
  pusher: 'arn:aws:iam::123456789012:user/ann',
}

describe('what a push says of itself', () => {
  it('is read as it was said, whatever letters it has', () =>
    assert.deepEqual(readMetadata(metadataOf(pushed)), pushed))

  it('moves no cursor on the screen of whoever approves, and turns no words round', () => {
    const evil = { ...pushed, message: 'Fix\u001b[2K\u001b[1A', author: 'Ann\r\u202eeoD\u2069' }
    const { message, author } = readMetadata(metadataOf(evil))!
    assert.deepEqual([message, author], ['Fix?[2K?[1A', 'Ann??eoD?'])
  })

  it('is nothing without a whole commit', () =>
    assert.equal(readMetadata({ ...metadataOf(pushed), 'riglet-commit': '9f3c2e1' }), undefined))
})
