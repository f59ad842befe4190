import assert from 'node:assert/strict'
import fc from 'fast-check'
import { placeRule, type ListenerRule } from '../../../scripts/core/stack/place-rule.ts'

const rule = (priority: number, host: string, more: ListenerRule['conditions'] = []): ListenerRule => ({
  arn: `rule-${priority}`,
  priority,
  conditions: [
    host === '' ? { field: 'path-pattern', values: ['/*'] } : { field: 'host-header', values: [host] },
    ...more,
  ],
  targetGroups: [`group-${priority}`],
})
const numberOf = (rules: readonly ListenerRule[], host: string, kept?: number, app = 'shop-main'): number => {
  const placed = placeRule(rules, app, host, kept)
  assert.equal(placed.type, 'free')
  return placed.type === 'free' ? placed.priority : 0
}

describe("the place of an app's rule", () => {
  it('is a free number that the load balancer takes, the same one when it is asked again', () => {
    const first = numberOf([], 'shop.example.com')
    assert.ok(first >= 1 && first <= 50_000)
    assert.equal(numberOf([], 'shop.example.com'), first)
    assert.notEqual(numberOf([], 'shop.example.com', undefined, 'blog-main'), first)
    assert.equal(numberOf([rule(first, 'blog.example.com')], 'shop.example.com'), first + 1)
  })

  it('leaves room for narrower hosts that come later', () => {
    for (const app of ['shop-main', 'blog-main', 'any-main', 'a', 'b', 'c']) {
      assert.ok(numberOf([], '', undefined, app) >= 45_000)
      assert.ok(numberOf([], '*.example.com', undefined, app) >= 40_000)
      assert.ok(numberOf([], 'shop.example.com', undefined, app) < 40_000)
    }
  })

  it('is before a catch-all, wherever that stands, and a catch-all is behind all hosts', () => {
    assert.ok(numberOf([rule(300, '')], 'shop.example.com') < 300)
    assert.equal(numberOf([rule(2, '')], 'shop.example.com'), 1)
    assert.ok(numberOf([rule(49_990, 'shop.example.com'), rule(7, 'blog.example.com')], '') > 49_990)
  })

  it('is before a host with wildcards that takes it in, and behind one that it takes in', () => {
    assert.ok(numberOf([rule(9, '*.example.com')], 'shop.example.com') < 9)
    assert.ok(numberOf([rule(41_000, 'shop.example.com')], '*.example.com') > 41_000)
    const between = numberOf([rule(20, '*.example.com'), rule(10, 'a.shop.example.com')], '*.shop.example.com')
    assert.ok(between > 10 && between < 20)
  })

  it('stays where it is as long as that fits', () => {
    assert.equal(numberOf([rule(300, '')], 'shop.example.com', 200), 200)
    assert.ok(numberOf([rule(300, '')], 'shop.example.com', 400) < 300)
    assert.equal(numberOf([rule(300, 'blog.example.com')], '', 400), 400)
    assert.ok(numberOf([rule(300, 'blog.example.com')], '', 200) > 300)
  })

  it('is refused where another rule answers for the same requests', () => {
    const others = [rule(5, 'shop.example.com'), rule(9, '')]
    assert.deepEqual(placeRule(others, 'blog-main', ''), { type: 'taken', by: others[1] })
    assert.deepEqual(placeRule(others, 'blog-main', 'shop.example.com'), { type: 'taken', by: others[0] })
    const loud = {
      ...rule(5, 'x'),
      conditions: [{ field: 'host-header', values: ['Blog.example.com', 'b.example.com'] }],
    }
    assert.deepEqual(placeRule([loud], 'blog-main', 'blog.example.com'), { type: 'taken', by: loud })
    const both = rule(6, 'blog.example.com', [{ field: 'path-pattern', values: ['/*'] }])
    assert.deepEqual(placeRule([both], 'blog-main', 'blog.example.com'), { type: 'taken', by: both })
  })

  it('may be that of a host or of all although another rule takes some of its paths', () => {
    const api = [{ field: 'path-pattern', values: ['/api/*'] }]
    const others = [rule(5, 'shop.example.com', api), { ...rule(6, ''), conditions: api }]
    for (const host of ['shop.example.com', '']) {
      const number = numberOf(others, host)
      assert.ok(number !== 5 && number !== 6)
    }
  })

  it('is refused where no number is free on its side of another rule', () => {
    const first = rule(1, '')
    assert.deepEqual(placeRule([first], 'shop-main', 'shop.example.com'), {
      type: 'no room',
      side: 'before',
      of: first,
    })
    const last = rule(50_000, 'shop.example.com')
    assert.deepEqual(placeRule([last], 'shop-main', ''), { type: 'no room', side: 'behind', of: last })
  })

  it('lets every request find the narrowest host, in whatever order apps come (property)', () => {
    const hosts = [
      '',
      '*.example.com',
      '*.shop.example.com',
      'shop.example.com',
      'a.shop.example.com',
      'blog.example.com',
    ]
    const matches = (host: string, asked: string): boolean =>
      host === '' || (host.startsWith('*') ? asked.endsWith(host.slice(1)) : host === asked)
    const asked = [
      'shop.example.com',
      'a.shop.example.com',
      'b.shop.example.com',
      'blog.example.com',
      'x.example.com',
      'y.org',
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(hosts), fc.integer(), (order, seed) => {
        const rules: ListenerRule[] = []
        for (const host of order) rules.push(rule(numberOf(rules, host, undefined, `${host}${seed}`), host))
        assert.equal(new Set(rules.map(({ priority }) => priority)).size, rules.length)
        const hostOf = ({ conditions: [only] }: ListenerRule): string =>
          only!.field === 'host-header' ? only!.values[0]! : ''
        const inOrder = rules.toSorted((one, other) => one.priority - other.priority).map(hostOf)
        for (const request of asked) {
          const fitting = order.filter((host) => matches(host, request))
          const narrowest =
            fitting.find((host) => host === request) ?? fitting.toSorted((one, other) => other.length - one.length)[0]
          assert.equal(
            inOrder.find((host) => matches(host, request)),
            narrowest,
            request,
          )
        }
      }),
    )
  })
})
