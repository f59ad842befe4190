import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'
import { faultsIn } from '../../support/faults.ts'

const faultsOf = (text: string): readonly string[] =>
  faultsIn(() => readDesired(text)).map((fault) => fault.replace('manifests/images.yaml:', ''))

const accounts = `accounts:
  hub: { account: "222222222222", role: hub, regions: [us-east-1, eu-west-1] }
  stage: { account: "333333333333", role: riglet/consumer, externalId: acme-stage, regions: [us-east-1] }
  customer: { account: "555555555555" }
`

describe('what images.yaml shares', () => {
  it('is which images, by name and tags, and with whom; the rest may be left out (A19, A22)', () => {
    const { shares, trusted } = readDesired(`${accounts}trusted: [acme/ci]
share:
  web:
    match: { name: ^web/, tags: { Image: web, "aws:x": y } }
    with: [stage]
`)
    assert.deepEqual(trusted, ['acme/ci'])
    assert.deepEqual(shares, {
      web: { name: 'web', match: { name: '^web/', tags: { Image: 'web', 'aws:x': 'y' } }, with: ['stage'], tags: {} },
    })
  })

  it('is in the guide as it may stand', () => {
    const [, example = ''] = /^```yaml\n([\s\S]*?)^```/m.exec(readFileSync('docs/sharing.md', 'utf8'))!
    const { shares, trusted } = readDesired(example)
    assert.deepEqual([Object.keys(shares), trusted], [['candidates', 'releases'], ['acme-shop/publisher']])
  })

  it('has every fault of its form told at once, each with line, column and path (G02)', () =>
    assert.deepEqual(
      faultsOf(`accounts:
  stage: { account: "333333333333", tags: { Commit: x, Payer: 7 } }
trusted: ["a b"]
share:
  web: { match: { nam: x, tags: { Image: 1 } }, with: [] }
  db: { with: [Stage], tags: { ManagedBy: me }, from: Hub, regions: [mars] }
`),
      [
        "2:45: Commit is not the name of a tag: 1 to 127 of letters, digits, spaces and _.:/=+-@, and none of riglet's own",
        '2:63: stage.tags.Payer: 7 is not at most 256 of letters, digits, spaces and _.:/=+-@, in quotes where it is a number',
        '3:11: trusted.0: "a b" is not the name of a role, with its path if it has one',
        '5:19: nam is not known here; it may be name, tags',
        '5:42: share.web.match.tags.Image: 1 is not at most 256 of letters, digits, spaces and _.:/=+-@, in quotes where it is a number',
        '5:55: share.web.with is empty',
        '6:3: share.db has no match',
        '6:16: share.db.with.0: "Stage" is not 1 to 30 of a-z, 0-9 and hyphens, a letter first',
        "6:32: ManagedBy is not the name of a tag: 1 to 127 of letters, digits, spaces and _.:/=+-@, and none of riglet's own",
        '6:55: share.db.from: "Hub" is not 1 to 30 of a-z, 0-9 and hyphens, a letter first',
        '6:70: share.db.regions.0: "mars" is not a region such as eu-central-1 (China and GovCloud are out: Packer sends no tags with CreateImage there, and in China CodePipeline has no CloudFormation action)',
      ],
    ))

  it('is refused where it does not fit together: names, roles, and regions that an account may not have (A19, B16)', () =>
    assert.deepEqual(
      faultsOf(`${accounts}share:
  a: { match: { name: "web(" }, with: [nobody, customer] }
  b: { match:, with: [stage], regions: [us-east-1, eu-west-1] }
  c: { match: { name: x }, from: hub, with: [hub], regions: [ap-south-1] }
  d: { match: { name: x }, from: customer, with: [stage] }
  e: { match: { name: x }, from: someone, with: [stage] }
`),
      [
        '6:23: share.a.match.name: Invalid regular expression: /web(/u: Unterminated group',
        '6:40: share.a.with.0: there is no account nobody below accounts: hub, stage, customer',
        '6:48: share.a.with.1: customer has no role, without which its images cannot be tagged there: make accounts',
        '6:48: share.a.with.1: customer has no externalId, without which its images cannot be tagged there: make accounts',
        '7:14: share.b.match: it names neither a name nor tags, so every image of the account would be shared',
        "7:23: share.b.with.0: eu-west-1 is none of stage's regions (333333333333): us-east-1",
        '8:46: share.c.with.0: hub has its own images already',
        "8:62: share.c.regions.0: ap-south-1 is none of hub's regions: us-east-1, eu-west-1",
        '9:34: share.d.from: customer has no role, so nothing can be shared from there',
        '9:34: share.d.from: customer has no regions, and neither has the share',
        '10:34: share.e.from: there is no account someone below accounts: hub, stage, customer',
      ],
    ))
})
