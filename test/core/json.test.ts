import assert from 'node:assert/strict'
import type { RigletError } from '../../scripts/core/errors.ts'
import { anObject, jsonIfAny, readJson, texts, withTexts, type Shape } from '../../scripts/core/json.ts'
import { failureOf } from '../support/failure.ts'

const refusal = async (text: string, shape: Shape<unknown> = anObject()): Promise<RigletError> =>
  failureOf(readJson('out/a.json', text, shape))

describe('reading JSON', () => {
  it('gives what it holds', async () => {
    assert.deepEqual(await readJson('a', '{"id": "ami-1", "more": 1}', withTexts('id')), { id: 'ami-1', more: 1 })
    assert.deepEqual(await readJson('a', '{"nginx": "1.22"}', texts), { nginx: '1.22' })
  })

  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['a value that is missing', '{\n  "id":\n}', /^out\/a\.json:3:1: it is not JSON: value expected/],
    ['a comma too many', '{"id": "ami-1",}', /^out\/a\.json:1:16: it is not JSON: property name expected/],
    [
      'one that is cut short',
      '{"id": "ami-1",\r\n "x": [1, 2',
      /^out\/a\.json:2:12: it is not JSON: close bracket expected/,
    ],
    ['a conflict that git left', '<<<<<<< HEAD\n{}\n', /^out\/a\.json:1:1: it is not JSON: invalid symbol/],
    ['a page of a proxy', '<html>', /^out\/a\.json:1:1: it is not JSON/],
    ['something behind it', '{}\n{}', /^out\/a\.json:2:1: it is not JSON/],
    ['a tab in a text', '{"id": "a\tb"}', /^out\/a\.json:1:8: it is not JSON: invalid character/],
    ['a comment', '{} // none', /^out\/a\.json:1:4: it is not JSON: invalid comment/],
    ['nothing', '', /^out\/a\.json:1:1: it is not JSON: it is empty/],
    ['a mark that an editor put before it', '\uFEFF{}', /^out\/a\.json:1:1: it is not JSON/],
  ]
  for (const [title, text, message] of broken)
    it(`names file, line and column of what is wrong: ${title}`, async () => {
      const error = await refusal(text)
      assert.equal(error.code, 'FILE')
      assert.match(error.message, message)
    })

  it('says what it should be where it is something else', async () => {
    assert.match((await refusal('null')).message, /^out\/a\.json: it must be an object$/)
    assert.match((await refusal('[]', texts)).message, /it must be an object of texts/)
    assert.match((await refusal('{"nginx": 1}', texts)).message, /it must be an object of texts/)
    assert.match((await refusal('{"id": 7}', withTexts('id', 'name'))).message, /an object with id, name as text/)
    assert.match((await refusal('{}', anObject('decisive'))).message, /an object with decisive/)
  })

  it('is no fault where somebody answers who need not speak it', () => {
    assert.equal(jsonIfAny('<html>'), undefined)
    assert.deepEqual(jsonIfAny('{"a": 1}'), { a: 1 })
  })
})
