import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { makeMask } from '../../scripts/io/mask.ts'
import { makeTerminal } from '../../scripts/io/terminal.ts'

const secret = 'wJalrXUtnFEMI/K7MDENG'

describe('mask', () => {
  it('hides user and password of a proxy, however short, and nothing else of its address', () => {
    const mask = makeMask({ HTTPS_PROXY: 'http://me:pw@proxy:3128', all_proxy: 'you:a-long-password@proxy' })
    assert.equal(
      mask('at http://me:pw@proxy:3128, you:a-long-password@proxy, a-long-password; me and pw'),
      'at http://****@proxy:3128, ****@proxy, ****; me and pw',
    )
  })

  it('hides the values of secret variables wherever they turn up', () => {
    const mask = makeMask({ AWS_SECRET_ACCESS_KEY: secret, REPO_TOKEN: `${secret}-longer`, PATH: '/usr/bin' })
    assert.equal(mask(`a ${secret} b ${secret}-longer c /usr/bin`), 'a **** b **** c /usr/bin')
  })
  it('hides a secret that begins like a path, and leaves what is named as a place', () => {
    const begun = '/JalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
    const mask = makeMask({
      AWS_SECRET_ACCESS_KEY: begun,
      TOKEN_PATH: '/srv/tokens/of-acme',
      SECRET_DIR: 'C:/secrets/acme',
    })
    assert.equal(
      mask(`a ${begun} b /srv/tokens/of-acme C:/secrets/acme`),
      'a **** b /srv/tokens/of-acme C:/secrets/acme',
    )
  })
  it('leaves ordinary words alone, short values and paths among them', () => {
    const mask = makeMask({ PASSWORD: 'shop', AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/token', OWNER: 'acme' })
    assert.equal(mask('acme shop /var/run/secrets/token'), 'acme shop /var/run/secrets/token')
  })
})

/** Runs lines with a terminal port of their own, off a terminal, and returns what came out where. */
function run(lines: string, environment: Record<string, string> = {}): { stdout: string; stderr: string } {
  const terminal = resolve(import.meta.dirname, '../../scripts/io/terminal.ts')
  const script = `import { makeTerminal } from ${JSON.stringify(terminal)}
const terminal = makeTerminal({ environment: process.env, yes: false })
${lines}`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
  })
  return { stdout, stderr }
}

describe('terminal', () => {
  it('keeps data and status apart, masked both, without cursor tricks off a terminal', () => {
    const { stdout, stderr } = run(
      "terminal.show('data ' + process.env.AWS_SECRET_ACCESS_KEY); terminal.say('status ' + process.env.AWS_SECRET_ACCESS_KEY); terminal.progress(['live']); terminal.settle()",
      { AWS_SECRET_ACCESS_KEY: secret },
    )
    assert.equal(stdout, 'data ****\n')
    assert.equal(stderr, 'status ****\n')
  })

  it('is 80 columns wide and without colour off a terminal', () => {
    assert.equal(
      run('terminal.show(terminal.columns + String(terminal.colour) + terminal.interactive)').stdout,
      '80falsefalse\n',
    )
  })

  it('takes a yes that was said beforehand, and without one refuses where nobody can be asked', async () => {
    assert.equal(await makeTerminal({ environment: {}, yes: true }).confirm('Really?'), true)
    const { stdout } = run(
      "terminal.confirm('Really?').catch((error) => terminal.show(error.code + ': ' + error.message))",
    )
    assert.match(stdout, /NOT_CONFIRMED: There is no terminal to ask on: Really\?/)
  })

  it('answers with what may be assumed where nobody can be asked', () => {
    assert.equal(run("terminal.ask('Branch?', 'main').then(terminal.show)").stdout, 'main\n')
  })
})
