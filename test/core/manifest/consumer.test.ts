import assert from 'node:assert/strict'
import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'
import { addressOf } from '../../../scripts/core/manifest/consumer.ts'

const consumer = (yaml: string) => readDesired(`consumer: ${yaml}\n`).consumer
const words = (yaml: string): string => {
  try {
    consumer(yaml)
  } catch (error) {
    return (error as Error).message
  }
  return 'it was taken'
}

describe('the consumer in manifests/images.yaml', () => {
  it('needs no more than its repository', () => {
    assert.deepEqual(consumer('{ repository: https://github.com/acme/infrastructure.git }'), {
      repository: 'https://github.com/acme/infrastructure.git',
      path: 'manifests/images.json',
      base: 'main',
      host: 'github',
      api: 'https://api.github.com',
      token: 'GITHUB_TOKEN',
    })
    assert.equal(consumer(''), undefined)
  })

  const hosts: readonly (readonly [string, string, string | undefined])[] = [
    ['git@github.com:acme/infrastructure.git', 'github', 'https://api.github.com'],
    ['ssh://git@gitlab.com:2222/acme/deep/infrastructure.git', 'gitlab', 'https://gitlab.com/api/v4'],
    ['https://gitlab.com/acme/infrastructure', 'gitlab', 'https://gitlab.com/api/v4'],
    ['https://git.acme.example/acme/infrastructure.git', 'git', undefined],
    ['/srv/git/infrastructure.git', 'git', undefined],
    ['file:///srv/git/infrastructure.git', 'git', undefined],
  ]
  for (const [repository, host, api] of hosts)
    it(`lies at ${host} by its address ${repository}`, () => {
      const found = consumer(`{ repository: "${repository}" }`)!
      assert.deepEqual([found.host, found.api], [host, api])
    })

  it("has GitHub Enterprise's API where that stands", () => {
    const { api } = consumer('{ repository: "https://ghe.acme.example:8443/acme/shop.git", host: github }')!
    assert.equal(api, 'https://ghe.acme.example:8443/api/v3')
  })

  it('is called by its path, however it is reached', () => {
    for (const [repository] of hosts) assert.match(addressOf(repository).path, /(?:acme|deep|git)\/infrastructure$/)
  })

  it('is never reached with a user and password in its address, without TLS, or by a program', () => {
    for (const repository of [
      'https://ada:secret@github.com/acme/shop.git',
      'https://token@github.com/acme/shop.git',
      'http://github.com/acme/shop.git',
      'ext::sh -c touch% /tmp/x',
      '-oProxyCommand=touch:x',
      'ssh://-oProxyCommand=touch/x',
      'acme/shop',
    ])
      assert.match(words(`{ repository: "${repository}" }`), /is not where git finds it, such as https:/, repository)
    assert.match(words('{ repository: "http://127.0.0.1:8000/acme/shop.git" }'), /it was taken/)
  })

  it('has every fault told at once, with its place', () => {
    assert.equal(
      words(
        '{ repository: "https://github.com/acme/shop", path: ../x, base: -x, host: bitbucket, token: "ghp_abc", colour: blue }',
      ),
      [
        'manifests/images.yaml has 5 faults.',
        '  manifests/images.yaml:1:63: consumer.path: "../x" is not the path of a file in that repository',
        '  manifests/images.yaml:1:75: consumer.base: "-x" is not the name of a branch',
        '  manifests/images.yaml:1:85: consumer.host: "bitbucket" is not github, gitlab, git',
        '  manifests/images.yaml:1:103: consumer.token: "ghp_abc" is not the NAME of an environment variable, or the /name of a parameter, that holds the token; never the token itself',
        '  manifests/images.yaml:1:114: colour is not known here; it may be repository, path, base, host, api, token',
      ].join('\n'),
    )
    assert.match(words('{ path: x }'), /consumer has no repository/)
  })

  it('fits together: a request needs a host that can be asked for one', () => {
    assert.match(words('{ repository: /srv/git/x.git, host: github }'), /consumer\.host: github is reached by an API/)
    assert.match(words('{ repository: "https://github.com/shop.git" }'), /is called OWNER\/NAME/)
    assert.match(
      words('{ repository: "https://git.example/a/b.git", api: "https://git.example/api" }'),
      /plain git has none/,
    )
  })
})
