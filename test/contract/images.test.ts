import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateStackCommand, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation'
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
} from '@aws-sdk/client-ec2'
import { newImage } from '../../scripts/actions/scaffold/new-image.ts'
import { makeFiles } from '../../scripts/io/files.ts'
import { fakeTerminal } from '../fakes/image-ports.ts'
import { onRehearsal, until } from './rehearsal.ts'

const settings = { OWNER: 'acme', PROJECT: 'shop', REPO: 'web', BRANCH: 'main', IMAGE: 'web' }

type Ended = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** The verbs as a user runs them, against machines that boot. */
describe('images on machines that boot', function () {
  this.timeout(240_000)
  const ground = onRehearsal()

  const start = (target: string, more: Readonly<Record<string, string>> = {}) => {
    const env = { ...process.env, ...ground.rehearsal.env, REGION: 'us-east-1', ...settings, ...more }
    const child = spawn('node', ['scripts/riglet.ts', 'image', target], { env })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (code, signal) => resolve({ code, signal, out: out.trim(), err })),
    )
    return { child, ended, said: () => err }
  }
  const run = (target: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> => start(target, more).ended

  /** What a build makes for its own time only. */
  const leftovers = async (): Promise<readonly string[]> => {
    const { ec2 } = ground.aws
    const [instances, keys, groups] = await Promise.all([
      ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag:Owner', Values: ['acme'] }] })),
      ec2.send(new DescribeKeyPairsCommand({})),
      ec2.send(new DescribeSecurityGroupsCommand({})),
    ])
    const alive = (instances.Reservations ?? [])
      .flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name !== 'terminated')
    return [
      ...alive.map(({ InstanceId }) => `instance ${InstanceId}`),
      ...(keys.KeyPairs ?? []).map(({ KeyName }) => `key ${KeyName}`),
      ...(groups.SecurityGroups ?? [])
        .filter(({ GroupName }) => GroupName !== 'default')
        .map(({ GroupName }) => `group ${GroupName}`),
    ]
  }
  const gone = (): Promise<readonly string[]> => until(leftovers, (left) => left.length === 0, 30)

  const interruptWhen = async (job: { child: ChildProcess; said: () => string }, words: RegExp): Promise<void> => {
    await until(
      () => Promise.resolve(job.said()),
      (said) => words.test(said),
      60,
    )
    job.child.kill('SIGINT')
  }

  const artifacts = async (): Promise<Stack> =>
    (await ground.aws.cloudformation.send(new DescribeStacksCommand({ StackName: 'acme-shop-artifacts' }))).Stacks![0]!

  let baked = ''

  it('bakes nothing before the riglet has its key, says what makes it, and launches nothing', async () => {
    const { code, out, err } = await run('bake')
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(err, /The stack acme-shop-artifacts is missing, or has no output KeyArn\./)
    assert.match(err, /`make create-riglet` makes it/)
    assert.ok(!(await ground.rehearsal.journal()).some(({ operation }) => operation === 'RunInstances'))
  })

  it('bakes an encrypted image that tells owner, commit, inputs, version and source (A01, A04, A17, G04, G21)', async () => {
    await ground.aws.cloudformation.send(
      new CreateStackCommand({
        StackName: 'acme-shop-artifacts',
        TemplateBody: readFileSync('cloudformation/artifacts.yaml', 'utf8'),
        Parameters: Object.entries({ Owner: 'acme', Project: 'shop', Riglet: 'acme-shop' }).map(
          ([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ParameterValue,
          }),
        ),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    )
    const { Outputs = [] } = await until(artifacts, ({ StackStatus }) => StackStatus === 'CREATE_COMPLETE')
    const { code, out, err } = await run('bake', { COMMIT_TAG: 'Revision' })
    assert.equal(code, 0, err)
    baked = out
    const { Images: [image] = [] } = await ground.aws.ec2.send(new DescribeImagesCommand({ ImageIds: [baked] }))
    assert.equal(image?.State, 'available')
    assert.equal(image.ImdsSupport, 'v2.0')
    const tags = Object.fromEntries((image.Tags ?? []).map(({ Key, Value }) => [Key, Value]))
    assert.match(image.Name!, /^acme-shop\/candidate\/web\/[\d.]+-[0-9a-f]{8}-\d{8}T\d{6}Z$/)
    assert.deepEqual([tags['Owner'], tags['Project'], tags['Environment']], ['acme', 'shop', undefined])
    assert.match(tags['Commit']!, /^[0-9a-f]{40}$/)
    assert.equal(tags['Revision'], tags['Commit'])
    assert.match(tags['Inputs']!, /^[0-9a-f]{64}$/)
    assert.match(tags['SourceImageId']!, /^ami-/)
    const snapshot = image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId
    const { Snapshots: [kept] = [] } = await ground.aws.ec2.send(
      new DescribeSnapshotsCommand({ SnapshotIds: [snapshot!] }),
    )
    const key = Outputs.find(({ OutputKey }) => OutputKey === 'KeyArn')?.OutputValue
    assert.ok(key)
    assert.deepEqual([kept?.Encrypted, kept?.KmsKeyId], [true, key])
    assert.deepEqual(await gone(), [])
  })

  it('brings the list of its packages back', () => {
    const packages = JSON.parse(readFileSync('out/bake/x86_64/packages.json', 'utf8')) as Record<string, string>
    assert.match(packages['nginx-light']!, /^1\./)
  })

  it('finds the same image for the same inputs within seconds, and launches nothing (B01, S21)', async () => {
    const since = (await ground.rehearsal.journal()).at(-1)!.number
    const { code, out, err } = await run('bake')
    assert.deepEqual([code, out], [0, baked], err)
    const calls = (await ground.rehearsal.journal(since)).map(({ operation }) => operation)
    assert.ok(!calls.includes('RunInstances'))
  })

  it('keeps it where another architecture fails, here because that does not boot on this machine (B01)', async () => {
    const { code, out, err } = await run('bake', { ARCH: 'x86_64,arm64' })
    assert.deepEqual([code, out], [1, baked], err)
    assert.match(err, /The bake failed: .*NotImplemented.*images of arm64 do not boot on this machine/)
    assert.match(err, /arm64: Baking acme-shop\/candidate\/web\//)
    assert.deepEqual(await gone(), [])
  })

  it('verifies it on a machine of its own and leaves a JUnit report, and nothing else (G08)', async () => {
    const { code, out, err } = await run('verify', { IMAGE_ID: baked })
    assert.equal(code, 0, err)
    assert.match(out, /^\d+ passed, 0 failed$/)
    assert.match(readFileSync('reports/verify.xml', 'utf8'), /<testsuite name="goss" errors="0" tests="\d\d"/)
    assert.deepEqual(await gone(), [])
  })

  it('refuses an image that fails its checks, names them, and leaves nothing running (G08)', async () => {
    const { Images: [base] = [] } = await ground.aws.ec2.send(
      new DescribeImagesCommand({ Owners: ['136693071363'], Filters: [{ Name: 'name', Values: ['debian-12-*'] }] }),
    )
    const { code, err } = await run('verify', { IMAGE_ID: base!.ImageId! })
    assert.equal(code, 1)
    assert.match(err, new RegExp(`${base!.ImageId} fails \\d+ checks:`))
    assert.match(err, /Port tcp:80 listening/)
    // Words after the last tag, and CodeBuild takes none of it.
    assert.match(readFileSync('reports/verify.xml', 'utf8'), /^<\?xml[^]*<\/testsuite>\n$/)
    assert.deepEqual(await gone(), [])
  })

  it('bakes an image that was made of another one as it was made, and one that is to be public without encryption (G06, G31)', async () => {
    const source = mkdtempSync(join(tmpdir(), 'riglet-new-image-'))
    try {
      cpSync('packer', join(source, 'packer'), { recursive: true })
      await makeFiles(source).write('manifests/images.yaml', 'images: { runner: { public: true } }\n')
      const terminal = fakeTerminal()
      await newImage({ IMAGE: 'runner' }, { files: makeFiles(source), terminal })
      const { code, out, err } = await run('bake', { IMAGE: 'runner', SOURCE: source })
      assert.equal(code, 0, err)
      const { Images: [image] = [] } = await ground.aws.ec2.send(new DescribeImagesCommand({ ImageIds: [out] }))
      assert.match(image!.Name!, /^acme-shop\/candidate\/runner\//)
      assert.equal(image!.Tags!.find(({ Key }) => Key === 'Image')?.Value, 'runner')
      const { Ebs } = image!.BlockDeviceMappings![0]!
      assert.equal(Ebs?.Encrypted, false)
      assert.deepEqual(await gone(), [])
    } finally {
      rmSync(source, { recursive: true })
    }
  })

  it('takes its machine away when it is interrupted, and says so (G08)', async () => {
    const job = start('verify', { IMAGE_ID: baked })
    await interruptWhen(job, /Waiting for SSH/)
    const { code, err } = await job.ended
    assert.equal(code, 130, err)
    assert.match(err, /Asking Packer to remove what it made/)
    assert.deepEqual(await gone(), [])
  })
})
