import assert from 'node:assert/strict'
import { shapes } from '../../scripts/core/shapes.ts'
import { environments } from '../../scripts/core/names.ts'
import { loadTemplate, type Tree } from './support/template.ts'

const numbers = { PublicSubnetA: 1, PublicSubnetB: 2, PrivateSubnetA: 11, PrivateSubnetB: 12 } as const
const resources = async (type: string): Promise<Tree[]> =>
  Object.values((await loadTemplate('foundation')).Resources).filter(({ Type }) => Type === type)

describe('an environment', () => {
  it('has fixed addresses: public .1 .2, private .11 .12, database .100 .110 (R19)', async () => {
    const { Mappings, Parameters, Resources } = await loadTemplate('foundation')
    assert.equal(Mappings, undefined)
    assert.equal(Parameters['Cidr']?.Default, undefined)
    assert.deepEqual(Resources['Vpc']?.Properties?.['CidrBlock'], { Ref: 'Cidr' })
    for (const [subnet, number] of Object.entries({ ...numbers, DatabaseSubnetA: 100, DatabaseSubnetB: 110 }))
      assert.deepEqual(Resources[subnet]?.Properties?.['CidrBlock'], {
        'Fn::Select': [number, { 'Fn::Cidr': [{ Ref: 'Cidr' }, 111, 8] }],
      })
    assert.deepEqual(
      environments.map((name) => shapes[name].cidr),
      ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'],
    )
  })

  it('spreads each kind of subnet over two zones (R19)', async () => {
    const { Resources } = await loadTemplate('foundation')
    for (const kind of ['Public', 'Private', 'Database'])
      for (const [letter, index] of [['A', 0] as const, ['B', 1] as const])
        assert.deepEqual(Resources[`${kind}Subnet${letter}`]?.Properties?.['AvailabilityZone'], {
          'Fn::Select': [index, { 'Fn::GetAZs': '' }],
        })
  })

  it('lets private subnets out through one NAT gateway, and database subnets not at all (R20)', async () => {
    assert.equal((await resources('AWS::EC2::NatGateway')).length, 1)
    const routes = (await resources('AWS::EC2::Route')).map(({ Properties }) => Properties as Tree)
    assert.deepEqual(
      routes.map(({ RouteTableId, GatewayId, NatGatewayId }) => [RouteTableId, GatewayId ?? NatGatewayId]),
      [
        [{ Ref: 'PublicRouteTable' }, { Ref: 'InternetGateway' }],
        [{ Ref: 'PrivateRouteTable' }, { Ref: 'NatGateway' }],
      ],
    )
  })

  it('has the build subnet where images are baked, and SSH there from the group itself', async () => {
    const { Conditions, Resources } = await loadTemplate('foundation')
    assert.deepEqual(Conditions?.['HasBuildSubnet'], { 'Fn::Equals': [{ Ref: 'Builds' }, 'yes'] })
    assert.equal(Resources['BuildSubnet']?.Condition, 'HasBuildSubnet')
    assert.deepEqual(Resources['BuildSubnet'].Properties?.['CidrBlock'], {
      'Fn::Select': [50, { 'Fn::Cidr': [{ Ref: 'Cidr' }, 111, 8] }],
    })
    const { GroupId, SourceSecurityGroupId, FromPort, ToPort } = Resources['BuildSsh']!.Properties!
    assert.deepEqual(GroupId, SourceSecurityGroupId)
    assert.deepEqual([FromPort, ToPort], [22, 22])
    assert.equal(Resources['BuildSecurityGroup']?.Properties?.['SecurityGroupIngress'], undefined)
  })

  it('serves on 80, and with a certificate on 443 while 80 redirects (R21)', async () => {
    const { Resources } = await loadTemplate('foundation')
    const { Port, Protocol } = Resources['Listener']!.Properties!
    assert.deepEqual(Port, { 'Fn::If': ['HasCertificate', 443, 80] })
    assert.deepEqual(Protocol, { 'Fn::If': ['HasCertificate', 'HTTPS', 'HTTP'] })
    assert.equal(Resources['RedirectListener']?.Condition, 'HasRedirect')
    assert.match(JSON.stringify(Resources['RedirectListener'].Properties), /"Type":"redirect".*"Protocol":"HTTPS"/)
  })

  it('exports a listener whose ARN survives a certificate that is added later', async () => {
    const { Outputs } = await loadTemplate('foundation')
    assert.deepEqual(Outputs['ListenerArn']?.Value, { Ref: 'Listener' })
  })

  it('answers 404 where no app has a rule', async () => {
    const { Resources } = await loadTemplate('foundation')
    assert.match(JSON.stringify(Resources['Listener']), /"Type":"fixed-response".*"StatusCode":"404"/)
  })

  it('opens nothing to the world but the load balancer on its listeners', async () => {
    const { Resources } = await loadTemplate('foundation')
    const open = Object.entries(Resources)
      .filter(([, { Type }]) => /SecurityGroup(Ingress)?$/.test(Type))
      .filter(([, { Properties }]) =>
        JSON.stringify(Properties?.['SecurityGroupIngress'] ?? Properties?.['CidrIp'] ?? '').includes('0.0.0.0/0'),
      )
      .map(([id]) => id)
    assert.deepEqual(open, ['LoadBalancerSecurityGroup'])
  })

  it('has an internal zone PROJECT.internal (R22)', async () => {
    const [zone] = await resources('AWS::Route53::HostedZone')
    assert.deepEqual((zone?.['Properties'] as Tree)['Name'], {
      'Fn::If': ['HasInternalDomain', { Ref: 'InternalDomain' }, { 'Fn::Sub': '${Project}.internal' }],
    })
  })

  it('tells its alarms to a topic, and by e-mail where an address is given (R23)', async () => {
    const { Resources } = await loadTemplate('foundation')
    assert.equal(Resources['OperationsTopic']?.Condition, undefined)
    assert.equal(Resources['OperationsEmail']?.Condition, 'HasEmailAddress')
  })
})
