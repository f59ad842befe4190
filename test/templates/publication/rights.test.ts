import assert from 'node:assert/strict'
import { matches, statementsOf } from '../support/statements.ts'
import { loadTemplate } from '../support/template.ts'

describe('the jobs that publish', () => {
  const granted = async (action: string, arn?: string): Promise<readonly string[]> => [
    ...new Set(
      statementsOf(await loadTemplate('publication'))
        .filter(
          ({ actions, resources }) =>
            actions.includes(action) && resources.some((one) => arn === undefined || matches(one, arn)),
        )
        .map(({ role }) => role),
    ),
  ]

  it('have a role each, of which one copies, one shares, one has the token and one moves the channel', async () => {
    assert.deepEqual(await granted('ec2:CopyImage'), ['ReplicateRole'])
    assert.deepEqual(await granted('ec2:EnableImageDeregistrationProtection'), ['PublishRole'])
    assert.deepEqual(await granted('ssm:GetParameter'), ['DocumentRole'])
    assert.deepEqual(await granted('secretsmanager:GetSecretValue'), ['DocumentRole'])
    assert.deepEqual(await granted('ssm:PutParameter'), ['PromoteRole'])
    const token = (name: string): string => `arn:aws:ssm:us-east-1:123456789012:parameter${name}`
    assert.deepEqual(await granted('ssm:GetParameter', token('/acme/shop/production/web-main/secret')), [])
    assert.deepEqual(await granted('ssm:PutParameter', token('/acme/shop/channel/edge/web/x86_64')), [])
    assert.deepEqual(await granted('ssm:PutParameter', token('/acme/shop/channel/stable/runner/x86_64')), [])
  })

  it('act in other accounts by the roles of images.yaml alone (G12, G32)', async () => {
    const role = 'arn:aws:iam::222222222222:role/riglet/distribution'
    assert.deepEqual(await granted('sts:AssumeRole', role), [
      'ReplicateRole',
      'PublishRole',
      'DocumentRole',
      'PromoteRole',
    ])
    assert.deepEqual(await granted('sts:AssumeRole', 'arn:aws:iam::222222222222:role/admin'), [])
    assert.deepEqual(await granted('sts:AssumeRole', 'arn:aws:iam::333333333333:role/riglet/distribution'), [])
  })

  it('change no image that is not the riglet’s and of that name, and remove none that was published', async () => {
    const images = statementsOf(await loadTemplate('publication')).filter(({ actions }) =>
      actions.some((action) => /^ec2:(?:Modify|Enable|Disable|Deregister|Delete)/.test(action)),
    )
    assert.ok(images.length >= 3)
    for (const { sid, condition } of images) {
      const { 'aws:ResourceTag/Owner': owner, 'aws:ResourceTag/Image': image } = condition['StringEquals']!
      assert.deepEqual([owner, image], ['acme', 'web'], sid)
    }
    const removing = images.filter(({ actions }) => actions.includes('ec2:DeregisterImage'))
    assert.deepEqual(
      removing.map(({ condition }) => condition['Null']),
      [{ 'aws:ResourceTag/CandidateImageId': 'false', 'aws:ResourceTag/Published': 'true' }],
    )
  })

  it('write nothing that another job executes, bake nothing and deploy nothing (B22)', async () => {
    const shared = 'arn:aws:s3:::acme-shop-artifacts-artifactbucket-1a2b3c4d5e6f'
    for (const key of ['control/0.1.0-a-b.zip', 'tools/node-1.tar.gz', 'templates/1.yaml'])
      assert.deepEqual(await granted('s3:PutObject', `${shared}/${key}`), [], key)
    for (const action of ['s3:PutObject', 's3:PutObjectVersion'])
      assert.deepEqual(
        await granted(action, 'arn:aws:s3:::acme-shop-artifacts-sourcebucket-1a2b3c4d5e6f/web/main/source.zip'),
        [],
      )
    const actions = statementsOf(await loadTemplate('publication')).flatMap((statement) => statement.actions)
    assert.deepEqual(
      actions.filter((action) =>
        /^(?:iam:|ec2:(?:RunInstances|CreateImage)|cloudformation:(?!DescribeStacks)|codepipeline:(?!List|StartPipelineExecution))/.test(
          action,
        ),
      ),
      [],
    )
  })

  it('leave their artifact where only Publish and the pipeline write (B22)', async () => {
    const own = 'arn:aws:s3:::acme-shop-jobs-web-main-artifactbucket-1a2b3c4d5e6f'
    assert.deepEqual(await granted('s3:PutObject', `${own}/acme-shop-publicatio/Published/1`), [
      'PublishRole',
      'PipelineRole',
    ])
    assert.deepEqual(await granted('s3:PutObject', `${own}/plans/1/publish.txt`), ['ReplicateRole'])
  })
})

describe('the roles that bake and verify', () => {
  // Each is one of this account's, and nothing lets it take another one: no other account hears of a candidate (G05).
  it('are of the riglet’s own account alone: they take no role, and copy no image (G05)', async () => {
    const building = statementsOf(await loadTemplate('jobs')).filter(({ role }) => /^(?:Bake|Verify)Role$/.test(role))
    assert.ok(building.length > 10)
    const reaching = building.flatMap(({ sid, actions }) =>
      actions
        .filter((one) => /^(?:sts:|ec2:CopyImage|ec2:ReplaceImage|iam:|\*)/.test(one))
        .map((one) => `${sid} ${one}`),
    )
    assert.deepEqual(reaching, [])
    const foreign = building.flatMap(({ sid, resources }) =>
      resources
        .filter((arn) => /^arn:aws:[\w-]+:[\w-]*:(?!123456789012)\d{12}:/.test(arn))
        .map((arn) => `${sid} ${arn}`),
    )
    assert.deepEqual(foreign, [])
    const { Resources } = await loadTemplate('jobs')
    for (const name of ['BakeProject', 'VerifyProject'])
      assert.doesNotMatch(JSON.stringify(Resources[name]), /PROFILE|ROLE_ARN|arn:aws:iam/)
  })
})
