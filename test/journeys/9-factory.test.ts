import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DescribeImagesCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2'
import { after, before, describe, it } from 'mocha'
import { consumers, regions } from '../../demo/factory/places.ts'
import type { FactoryReport, Row } from '../../demo/factory/table.ts'
import { folderOf } from '../../demo/source.ts'
import { assume } from '../../rehearsal/contract/support/accounts.ts'
import { clients } from '../../rehearsal/contract/support/aws.ts'
import { ownName } from '../../rehearsal/contract/support/own-name.ts'
import { openRehearsal, type Rehearsal } from '../../rehearsal/contract/support/rehearsal.ts'
import { tracesOf } from '../../rehearsal/contract/support/traces.ts'
import { checkout } from './support/user.ts'

const run = promisify(execFile)
const name = ownName('journey-factory')
const source = join(checkout, folderOf(name), 'source')

type Ended = { readonly code: number; readonly output: string }

async function ends(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number>((done) => child.on('close', (status) => done(status ?? 1)))
  return { code, output }
}

/** Images for others, as a newcomer sees them: from the bake to groups in two accounts, and back when one is bad. */
describe('the demo of the factory, without a terminal', function () {
  this.timeout(1_200_000)
  let output = ''
  let report: FactoryReport
  let rehearsal: Rehearsal
  /** Clients of the one who began the rehearsal, and of each other account's administrator. */
  let of: (account?: string, region?: string) => Promise<ReturnType<typeof clients>>

  before(async () => {
    const told = await ends('make', ['-s', 'demo', 'FLAVOUR=factory', `REHEARSAL=${name}`], checkout, process.env)
    output = told.output
    assert.equal(told.code, 0, output.slice(-6000))
    report = JSON.parse(await readFile(join(checkout, folderOf(name), 'report.json'), 'utf8')) as FactoryReport
    const [first] = output.split('\n== four accounts')
    const env = Object.fromEntries(
      [...first!.matchAll(/^export (\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!]),
    )
    rehearsal = openRehearsal(name, env)
    of = async (account, region) => {
      if (account === undefined) return clients(rehearsal, region)
      const number = report.accounts[account as keyof typeof report.accounts]
      const role = `arn:aws:iam::${number}:role/OrganizationAccountAccessRole`
      return clients({ ...rehearsal, env: await assume(clients(rehearsal), role) }, region)
    }
  })

  after(async () => {
    await run('make', ['-s', 'demo-down', `REHEARSAL=${name}`], { cwd: checkout })
    assert.deepEqual(await tracesOf(name), [])
  })

  const at = (row: Partial<Row>): readonly Row[] =>
    report.rows.filter((one) => Object.entries(row).every(([key, value]) => one[key as keyof Row] === value))

  /** What the running instances of each group were booted from. */
  const running = () =>
    Promise.all(
      consumers.map(async ({ account, region }) => {
        const { ec2 } = await of(account, region)
        const Filters = [{ Name: 'instance-state-name', Values: ['running'] }]
        const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }))
        return Reservations.flatMap(({ Instances = [] }) => Instances).map(({ ImageId }) => ImageId!)
      }),
    )

  const tagOf = async (id: string, tag: string): Promise<string | undefined> => {
    const { ec2 } = await of('distribution', 'us-east-1')
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }))
    return Images[0]?.Tags?.find(({ Key }) => Key === tag)?.Value
  }

  it('ends with both images in six regions of the account that publishes (A01, A20, B02, G06, G11, G12)', () => {
    for (const [image, version] of [
      ['web', '1.2.0'],
      ['runner', '1.0.0'],
    ] as const)
      assert.deepEqual(
        at({ image, version, account: 'distribution' }).map(({ region }) => region),
        regions.toSorted(),
      )
    assert.match(output, /sa-east-1 +failed/)
    assert.match(output, /sa-east-1 +done/)
  })

  it('runs its shared copies in two other accounts, which answered over HTTP (A02, A09, A15)', async () => {
    const expected = consumers.map(({ account }) => [at({ image: 'web', version: '1.2.0', account })[0]!.id])
    assert.deepEqual(await running(), expected)
    for (const version of ['1.0.0', '1.1.0', '1.2.0'])
      for (const { account } of consumers)
        assert.match(output, new RegExp(`^  ${account} .* http://\\S+  ${version.replaceAll('.', '\\.')}  ami-`, 'm'))
  })

  it('shows what is refused of a revoked image, and the way back by git (B13, G22)', () => {
    assert.match(output, /^ {2}ami-\w+ is revoked since/m)
    assert.match(output, /\$ git revert --no-edit/)
  })

  it('proposes the manifest in a repository of those who use it (G16, G17)', async () => {
    const words = ['--git-dir', join(checkout, folderOf(name), 'infrastructure.git'), 'show']
    const { stdout } = await run('git', [...words, 'riglet/demo-shop:manifests/images.json'])
    assert.equal(stdout, await readFile(join(source, 'manifests/images.json'), 'utf8'))
  })

  it('disables what nothing refers to any more (B08)', async () => {
    const { ec2 } = await of('distribution', 'sa-east-1')
    const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'], IncludeDisabled: true }))
    const disabled = Images.filter(({ State }) => State === 'disabled').map(({ Name }) => Name)
    assert.equal(disabled.length, 1)
    assert.match(disabled[0]!, /^demo-shop\/web\/1\.1\.0-/)
  })

  it('can be read on 80 columns, and says what was not done, and why', () => {
    const wide = output.split('\n').filter((line) => line.length > 80 && !/^\s*export |^export /.test(line))
    assert.deepEqual(wide, [])
    assert.match(output, /^! runner arm64: /m)
    for (const title of Object.keys(report.seconds)) assert.ok((report.calls[title] ?? 0) > 0, title)
  })

  it('stands for the runbook, every command of which is run as it stands there (B13, G22)', async () => {
    const text = await readFile(join(source, 'docs/runbook.md'), 'utf8')
    const lines = [...text.matchAll(/^```\n([\s\S]*?)^```/gm)].flatMap(([, block]) => block!.trimEnd().split('\n'))
    assert.ok(lines.length > 20)
    const bad = at({ image: 'web', account: 'distribution', region: 'us-east-1' })[0]!.id
    const script = ['set -euxo pipefail', ...lines].join('\n')
    const told = await ends('bash', ['-c', script], source, { ...process.env, ...report.env, NO_COLOR: '1' })
    assert.equal(told.code, 0, told.output.slice(-6000))
    assert.equal(await tagOf(bad, 'RevokedReason'), 'CVE-2026-1234')
    const { stdout } = await run('make', ['-s', 'find-image', 'IMAGE=web', 'CHANNEL=stable'], {
      cwd: source,
      env: { ...process.env, ...report.env },
    })
    assert.equal(await tagOf(stdout.trim(), 'Version'), '1.3.0')
    for (const images of await running()) assert.equal(images.length, 1)
    assert.ok(!(await running()).flat().includes(bad))
    assert.deepEqual((await running())[0], [stdout.trim()])
  })

  it('takes back from one account what images.yaml gives it no more, and leaves the other one its own', async () => {
    const file = join(source, 'manifests/images.yaml')
    const text = await readFile(file, 'utf8')
    await writeFile(
      file,
      text.replace('shareWith: [stage, live]', 'shareWith: [stage]').replace('[stage, live] }', '[stage] }'),
    )
    const told = await ends('make', ['-s', 'unshare', 'NAME=live'], source, { ...process.env, ...report.env })
    assert.equal(told.code, 0, told.output)
    const manifest = JSON.parse(await readFile(join(source, 'manifests/images.json'), 'utf8')) as {
      web: Readonly<Record<string, { readonly id: string }>>
    }
    const seesIn = async (account: string, region: string): Promise<boolean> => {
      const { ec2 } = await of(account, region)
      const asked = ec2.send(new DescribeImagesCommand({ ImageIds: [manifest.web[region]!.id] }))
      return asked.then(
        () => true,
        () => false,
      )
    }
    assert.equal(await seesIn('live', 'eu-west-1'), false)
    assert.equal(await seesIn('stage', 'us-east-1'), true)
  })
})
