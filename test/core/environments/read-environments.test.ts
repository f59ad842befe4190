import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { appKeys, declaredOf } from '../../../scripts/core/environments/app-settings.ts'
import { readEnvironments } from '../../../scripts/core/environments/read-environments.ts'
import { environmentsSchema } from '../../../scripts/core/environments/schema.ts'
import { RigletError } from '../../../scripts/core/errors.ts'
import type { NameRule } from '../../../scripts/core/name-rules.ts'
import { settingRules } from '../../../scripts/core/settings/settings.ts'

const source = { repo: 'shop', branch: 'main' }

const faultsOf = (text: string): readonly string[] => {
  try {
    readEnvironments(text)
  } catch (error) {
    assert.ok(error instanceof RigletError && error.code === 'SETTINGS', String(error))
    const [first, ...lines] = error.message.split('\n')
    assert.match(
      first!,
      lines.length === 1 ? /^environments\.yaml has a fault\.$/ : /^environments\.yaml has \d+ faults\.$/,
    )
    return lines.map((line) => line.trim())
  }
  assert.fail('nothing was refused')
}

describe('environments.yaml', () => {
  it('says what an app is in each environment, as the settings have it', () => {
    const found = readEnvironments(`
environments:
  staging:
    apps:
      shop/main: { hostName: staging.example.com, minSize: 0, targetCpu: null }
      shop/feature/x: { port: 8080 }
  production:
    apps:
      shop/main:
        instanceType: t3.large
        healthCheckPath: /health
`)
    assert.deepEqual(declaredOf(found, 'staging', source), {
      HOST_NAME: 'staging.example.com',
      MIN_SIZE: '0',
      TARGET_CPU: '',
    })
    assert.deepEqual(declaredOf(found, 'staging', { repo: 'shop', branch: 'feature/x' }), { APP_PORT: '8080' })
    assert.deepEqual(declaredOf(found, 'production', source), {
      INSTANCE_TYPE: 't3.large',
      HEALTH_CHECK_PATH: '/health',
    })
    assert.deepEqual(declaredOf(found, 'integration', source), {})
  })

  for (const text of [
    '',
    '# nothing yet\n',
    'environments:\n',
    'environments:\n  staging:\n',
    'environments:\n  staging:\n    apps:\n      shop/main:\n',
  ])
    it(`says nothing where nothing stands in it: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(declaredOf(readEnvironments(text), 'staging', source), {})
    })

  it('may say a thing once and mean it twice', () => {
    const found = readEnvironments(
      'environments:\n  staging:\n    apps: &apps\n      shop/main: { port: 8080 }\n  production:\n    apps: *apps\n',
    )
    assert.deepEqual(declaredOf(found, 'production', source), { APP_PORT: '8080' })
  })

  it('has every fault told at once, each with line and column, in the words of the settings', () => {
    const text = `environments:
  stagin: {}
  staging:
    app: {}
    apps:
      shop: { port: 80 }
      shop/main:
        hostname: shop.example.com
        hostName: Shop
        port: "80"
        targetCpu: 95
        minSize: 1.5
        instanceType: large
        healthCheckPath: health
      blog/main: 3
  production: []
version: 1
`
    assert.deepEqual(faultsOf(text), [
      'environments.yaml:2:3: stagin is not known here; it may be integration, staging, production',
      'environments.yaml:4:5: app is not known here; it may be cidr, imageAge, sizes, apps',
      'environments.yaml:6:7: shop is not REPO/BRANCH, such as shop/main',
      'environments.yaml:8:9: hostname is not known here; it may be hostName, instanceType, minSize, maxSize, targetCpu, port, healthCheckPath',
      'environments.yaml:9:19: hostName: "Shop" is not a host name such as shop.example.com',
      'environments.yaml:10:15: port: "80" is not a port of 1 to 65535, without quotes',
      'environments.yaml:11:20: targetCpu: 95 is not a whole number of 0 to 90',
      'environments.yaml:12:18: minSize: 1.5 is not a whole number below 1000',
      'environments.yaml:13:23: instanceType: "large" is not an instance type such as t3.small',
      'environments.yaml:14:26: healthCheckPath: "health" is not a path that begins with a slash, at most 1024 characters without spaces',
      'environments.yaml:15:18: blog/main must hold names with what they are',
      'environments.yaml:16:15: production must hold names with what they are',
      'environments.yaml:17:1: version is not known here; it may be environments',
    ])
  })

  it('says what an environment is, and its sizes stand behind those of an app', () => {
    const found = readEnvironments(`
environments:
  staging:
    cidr: 172.20.0.0/16
    sizes: { instanceType: t3.large, minSize: 3, maxSize: null }
    apps:
      shop/main: { minSize: 2 }
`)
    assert.equal(found.staging?.cidr, '172.20.0.0/16')
    assert.deepEqual(declaredOf(found, 'staging', source), { INSTANCE_TYPE: 't3.large', MIN_SIZE: '2', MAX_SIZE: '' })
    assert.deepEqual(declaredOf(found, 'staging', { repo: 'blog', branch: 'main' }), {
      INSTANCE_TYPE: 't3.large',
      MIN_SIZE: '3',
      MAX_SIZE: '',
    })
  })

  it("has told addresses that are another environment's or nobody's, and sizes that cannot be", () => {
    const text = `environments:
  integration:
    cidr: 10.2.0.0/16
    sizes: { minSize: 3, maxSize: 2, port: 80 }
  staging:
    sizes: { minSize: 3, maxSize: 5 }
    apps:
      shop/main: { maxSize: 2 }
  production:
    cidr: 10.2.0.0/24
    sizes: [3]
`
    assert.deepEqual(faultsOf(text.replace(', port: 80', '').replace('/24', '/16').replace('[3]', '{}')), [
      'environments.yaml:3:11: cidr: 10.2.0.0/16 is that of staging already',
      'environments.yaml:4:23: minSize: 3 is more than maxSize, 2',
      'environments.yaml:8:29: maxSize: 2 is less than minSize, 3',
      'environments.yaml:10:11: cidr: 10.2.0.0/16 is that of integration already',
    ])
    assert.deepEqual(faultsOf(text), [
      'environments.yaml:4:38: port is not known here; it may be instanceType, minSize, maxSize',
      'environments.yaml:10:11: cidr: "10.2.0.0/24" is not a private block of 65536 addresses such as 10.4.0.0/16',
      'environments.yaml:11:12: sizes must hold names with what they are',
    ])
  })

  it('has told what stands twice, two apps of one host, and sizes that cannot be', () => {
    const text = `environments:
  staging:
    apps:
      shop/main: { hostName: shop.example.com, minSize: 3, maxSize: 2 }
      blog/main: { hostName: shop.example.com }
      blog/main: { port: 80, port: 81 }
      news/main: { hostName: shop.example.com }
`
    assert.deepEqual(faultsOf(text), [
      'environments.yaml:4:57: minSize: 3 is more than maxSize, 2',
      'environments.yaml:6:7: this key stands already above',
      'environments.yaml:6:30: this key stands already above',
      'environments.yaml:7:30: hostName: shop.example.com is that of shop/main already',
    ])
  })

  for (const [title, text, place] of [
    ['a list that does not end', 'environments:\n  staging: [\n', 'environments.yaml:3:1'],
    ['a tab', 'environments:\n\tstaging: {}\n', 'environments.yaml:2:1'],
    ['an alias of nothing', 'environments:\n  staging: *none\n', 'environments.yaml:2:12'],
    ['a tag of somebody else', 'environments:\n  staging: !Sub x\n', 'environments.yaml:2:12'],
    ['no mapping at all', '- staging\n', 'environments.yaml:1:1'],
  ] as const)
    it(`has told where it is no YAML that means something: ${title}`, () => {
      const [first, ...others] = faultsOf(text)
      assert.ok(first!.startsWith(`${place}: `), first)
      assert.deepEqual(others, [])
    })

  it('is in the guide as it may stand', () => {
    const [, example = ''] = /^```yaml\n(# .*environments\.schema[\s\S]*?)^```/m.exec(
      readFileSync('docs/operating.md', 'utf8'),
    )!
    assert.equal(declaredOf(readEnvironments(example), 'production', source).HOST_NAME, 'shop.example.com')
    const named = Object.keys(appKeys).filter((key) => example.includes(`${key}: `))
    assert.deepEqual(named.sort(), Object.keys(appKeys).sort())
    assert.match(example, /\$schema=docs\/environments\.schema\.json$/m)
  })

  it('says how old images of an environment may be, and refuses what is no number of days', () => {
    const read = readEnvironments('environments:\n  staging: { imageAge: null }\n  production: { imageAge: 30 }\n')
    assert.deepEqual([read.staging?.imageAge, read.production?.imageAge], [null, 30])
    assert.throws(
      () => readEnvironments('environments:\n  staging: { imageAge: 0 }\n'),
      /environments\.yaml:2:24: imageAge: 0 is not a whole number of days, 1 to 3650, or null for none/,
    )
  })

  it('has a schema that is published for editors', () => {
    const file = 'docs/environments.schema.json'
    const text = `${JSON.stringify(environmentsSchema, undefined, 2)}\n`
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text)
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(text))
  })

  it('takes the numbers that the settings take, and no others', () => {
    const app = environmentsSchema.definitions.app.properties as Readonly<
      Record<string, { readonly minimum?: number; readonly maximum?: number; readonly pattern?: string }>
    >
    for (const [key, setting] of Object.entries(appKeys)) {
      const rule: NameRule = settingRules[setting]
      const { minimum, maximum, pattern } = app[key]!
      if (minimum === undefined || maximum === undefined) assert.equal(pattern, rule.pattern.source)
      else
        assert.deepEqual(
          [minimum - 1, minimum, maximum, maximum + 1].map((number) => rule.pattern.test(String(number))),
          [false, true, true, false],
          key,
        )
    }
  })
})
