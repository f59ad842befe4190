import assert from 'node:assert/strict'
import { tallyOf, wrongCalls, type Tally } from '../../bench/images/calls.ts'

const tally = (calls: Readonly<Record<string, number>>): Tally =>
  new Map([['1 eu-west-1', new Map(Object.entries(calls))]])
const images = new Map([['1 eu-west-1', 2001]])

describe('the calls of a scan, as the bench holds them', () => {
  it('are counted by the account of who asked, its region, and the API', () => {
    const call = { region: 'eu-west-1', service: 'ec2', operation: 'DescribeImages' }
    const [root, role] = ['arn:aws:iam::1:root', 'arn:aws:sts::2:assumed-role/x/riglet']
    const counted = tallyOf([root, role, role].map((principal) => ({ ...call, principal })) as never)
    assert.deepEqual(
      [...counted].map(([place, calls]) => [place, ...calls]),
      [
        ['1 eu-west-1', ['ec2:DescribeImages', 1]],
        ['2 eu-west-1', ['ec2:DescribeImages', 2]],
      ],
    )
  })

  it('are wrong where there are more than pages, or fewer, or more than for fewer images', () => {
    const right = { 'ec2:DescribeImages': 3, 'ec2:DescribeInstances': 1 }
    const fewer = tally({ ...right, 'ec2:DescribeImages': 1 })
    const wrong = (calls: Readonly<Record<string, number>>, before?: Tally) =>
      wrongCalls({ tally: tally(calls), images, more: 0 }, before)
    assert.deepEqual(wrong(right, fewer), [])
    for (const made of [2, 4])
      assert.deepEqual(wrong({ ...right, 'ec2:DescribeImages': made }), [
        `1 eu-west-1: ${made} calls of ec2:DescribeImages for 2001 images, 3 are due`,
      ])
    assert.deepEqual(wrong({ ...right, 'ec2:DescribeInstances': 5 }, fewer), [
      '1 eu-west-1: 5 calls of ec2:DescribeInstances, of fewer images 1',
    ])
  })
})
