import assert from 'node:assert/strict'
import { duration, paint, plural, resourceWords, shorten, table, wrap } from '../../scripts/view/text.ts'

describe('text', () => {
  it('keeps both ends of what is too long', () => {
    assert.equal(shorten('abcdefghij', 10), 'abcdefghij')
    assert.equal(shorten('abcdefghijk', 8), 'abc...jk')
    assert.equal(shorten('abcdefghijk', 8).length, 8)
  })
  it('lines up columns, and leaves no blanks at the end', () => {
    assert.deepEqual(
      table([
        ['a', 'b'],
        ['ccc', ''],
      ]),
      ['a    b', 'ccc'],
    )
    assert.deepEqual(table([]), [])
  })
  it('breaks lines at spaces', () => {
    assert.deepEqual(wrap('one two three', 8, '  '), ['one two', '  three'])
  })
  it('tells durations, counts and types as people do', () => {
    assert.deepEqual(
      [duration(7_400), duration(760_000), duration(3_723_000), duration(-5)],
      ['0:07', '12:40', '1:02:03', '0:00'],
    )
    assert.deepEqual([plural(1, 'stack'), plural(2, 'stack')], ['1 stack', '2 stacks'])
    assert.equal(resourceWords('AWS::EC2::NatGateway'), 'nat gateway')
    assert.equal(resourceWords('AWS::EC2::VPC'), 'vpc')
  })
  it('is painted only where colour is wanted', () => {
    assert.equal(paint('x', 'danger', false), 'x')
    assert.equal(paint('x', 'danger', true), '\u001b[31mx\u001b[0m')
  })
})
