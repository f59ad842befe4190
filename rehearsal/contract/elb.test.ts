import assert from 'node:assert/strict'
import { RunInstancesCommand } from '@aws-sdk/client-ec2'
import {
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { before, describe, it } from 'mocha'
import { onRehearsal, refusal, until } from './support/ground.ts'
import { inState, makeSite, oneOf, webServer, type Site } from './support/site.ts'
import { health, makeGroup, makeWeb, type Web } from './support/web.ts'

describe('Elastic Load Balancing, as AWS documents it', function () {
  this.timeout(60_000)
  const ground = onRehearsal()
  const elb = () => ground.aws.elb
  let site: Site
  let web: Web
  let machine = ''

  const get = async (path = '/'): Promise<{ status: number; text: string }> => {
    const reply = await fetch(web.url + path, { signal: AbortSignal.timeout(5_000) })
    return { status: reply.status, text: await reply.text() }
  }
  const rule = (Priority: number, path: string, action: object) =>
    elb().send(
      new CreateRuleCommand({
        ListenerArn: web.listener,
        Priority,
        Conditions: [{ Field: 'path-pattern', Values: [path] }],
        Actions: [action as never],
      }),
    )

  before(async () => {
    site = await makeSite(ground)
    const launched = ground.aws.ec2.send(new RunInstancesCommand({ ...oneOf(site), UserData: webServer }))
    web = await makeWeb(ground, site, 'web')
    machine = (await launched).Instances![0]!.InstanceId!
  })

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-503-issues
  it('answers 503 by itself for a target group without targets', async () => {
    assert.equal((await until(get, ({ status }) => status === 503, 10)).status, 503)
  })

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html#fixed-response-actions
  it('answers a fixed response where a rule says so', async () => {
    const FixedResponseConfig = { StatusCode: '418', ContentType: 'text/plain', MessageBody: 'short and stout' }
    await rule(1, '/tea*', { Type: 'fixed-response', FixedResponseConfig })
    assert.deepEqual(await get('/teapot'), { status: 418, text: 'short and stout' })
    const taken = rule(1, '/other', { Type: 'fixed-response', FixedResponseConfig })
    assert.equal((await refusal(taken)).code, 'PriorityInUseException')
  })

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
  it('tells the health of each target, and why', async () => {
    assert.deepEqual(await health(ground, web.group, machine), {
      State: 'unused',
      Reason: 'Target.NotRegistered',
      Description: 'Target is not registered to the target group',
    })
    await inState(ground, machine, 'running')
    const [missing, idle] = await Promise.all([
      makeGroup(ground, site, 'missing', '/missing'),
      makeGroup(ground, site, 'idle'),
    ])
    await rule(2, '/missing', { Type: 'forward', TargetGroupArn: missing })
    const Targets = [{ Id: machine }]
    for (const TargetGroupArn of [web.group, missing, idle])
      await elb().send(new RegisterTargetsCommand({ TargetGroupArn, Targets }))
    const first = await health(ground, web.group, machine)
    assert.equal(first.State, 'initial')
    assert.match(first.Reason!, /^Elb\.(?:RegistrationInProgress|InitialHealthChecking)$/)
    assert.deepEqual(await health(ground, idle, machine), {
      State: 'unused',
      Reason: 'Target.NotInUse',
      Description: 'Target group is not configured to receive traffic from the load balancer',
    })
    await until(
      () => health(ground, web.group, machine),
      ({ State }) => State === 'healthy',
    )
    assert.deepEqual(await get(), { status: 200, text: 'up\n' })
    const bad = await until(
      () => health(ground, missing, machine),
      ({ Reason }) => Reason === 'Target.ResponseCodeMismatch',
    )
    assert.deepEqual([bad.State, bad.Description], ['unhealthy', 'Health checks failed with these codes: [404]'])
  })

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
  it('drains a target that is deregistered, and sends it nothing new', async () => {
    await elb().send(new DeregisterTargetsCommand({ TargetGroupArn: web.group, Targets: [{ Id: machine }] }))
    assert.deepEqual(await health(ground, web.group, machine), {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    })
    assert.equal((await get()).status, 503)
    const after = await until(
      () => health(ground, web.group, machine),
      ({ State }) => State !== 'draining',
    )
    assert.equal(after.Reason, 'Target.NotRegistered')
  })

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  it('refuses what is taken, in use or unknown, by name', async () => {
    const code = async (call: Promise<unknown>) => (await refusal(call)).code
    const used = elb().send(new DeleteTargetGroupCommand({ TargetGroupArn: web.group }))
    assert.equal(await code(used), 'ResourceInUseException')
    const again = new CreateTargetGroupCommand({ Name: 'web', Protocol: 'HTTP', Port: 81, VpcId: site.vpc })
    assert.equal(await code(elb().send(again)), 'DuplicateTargetGroupNameException')
    const long = new CreateTargetGroupCommand({ Name: 'x'.repeat(33), Protocol: 'HTTP', Port: 80, VpcId: site.vpc })
    assert.equal(await code(elb().send(long)), 'ValidationError')
    const listener = new CreateListenerCommand({
      LoadBalancerArn: web.balancer,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: web.group }],
    })
    assert.equal(await code(elb().send(listener)), 'DuplicateListenerException')
    const nobody = elb().send(new DescribeTargetGroupsCommand({ Names: ['nobody'] }))
    assert.equal(await code(nobody), 'TargetGroupNotFoundException')
    const stranger = { TargetGroupArn: web.group, Targets: [{ Id: 'i-0123456789abcdef0' }] }
    assert.equal(await code(elb().send(new RegisterTargetsCommand(stranger))), 'InvalidTargetException')
  })
})
