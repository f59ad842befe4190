import assert from 'node:assert/strict'
import { recoverVariables, templateConfiguration } from '../../../scripts/core/image/deployment.ts'
import type { StackState } from '../../../scripts/core/stack/state.ts'
import type { DesiredStack } from '../../../scripts/core/stack/desired.ts'

const state = (name: string, status: string): StackState => ({
  name,
  id: `arn:${name}`,
  status,
  parameters: {},
  outputs: {},
  tags: {},
  protected: false,
  created: new Date(0),
})

const stacks = (status: string | undefined) =>
  (['integration', 'staging', 'production'] as const).map((environment) => {
    const name = `o-p-${environment}-app-web-main`
    return { environment, name, state: environment === 'staging' && status ? state(name, status) : undefined }
  })

const none = 'o-p-none-app-web-main'

describe('what a deployment must clear away first', () => {
  it('is nothing where nothing was deployed yet', () => {
    assert.deepEqual(recoverVariables(stacks(undefined), none), {
      RECOVER: 'no',
      RECOVER_INTEGRATION: none,
      RECOVER_STAGING: none,
    })
  })

  it('is a stack whose first deployment failed, and only that one', () => {
    const variables = recoverVariables(stacks('ROLLBACK_COMPLETE'), none)
    assert.equal(variables['RECOVER'], 'yes')
    assert.equal(variables['RECOVER_STAGING'], 'o-p-staging-app-web-main')
    assert.equal(variables['RECOVER_INTEGRATION'], none)
  })

  it("is never production's: a person clears that away (B22)", () => {
    const broken = stacks(undefined).map((stack) => ({ ...stack, state: state(stack.name, 'ROLLBACK_COMPLETE') }))
    assert.doesNotMatch(JSON.stringify(recoverVariables(broken, none)), /production/i)
    const [, , production] = broken
    assert.equal(recoverVariables([production!], none)['RECOVER'], 'no')
  })

  for (const status of [
    'CREATE_COMPLETE',
    'UPDATE_COMPLETE',
    'UPDATE_ROLLBACK_COMPLETE',
    'UPDATE_ROLLBACK_FAILED',
    'UPDATE_IN_PROGRESS',
  ]) {
    it(`is never a stack that once worked (${status})`, () => {
      assert.equal(recoverVariables(stacks(status), none)['RECOVER'], 'no')
    })
  }
})

describe('the configuration that a deploy action reads', () => {
  const desired: DesiredStack = {
    name: 'o-p-staging-app-web-main',
    title: 'app',
    file: 'cloudformation/app-image.yaml',
    template: 'Resources: {}',
    parameters: { Owner: 'o', ImageId: 'ami-0new' },
    tags: { Owner: 'o', Environment: 'staging' },
    capabilities: [],
  }

  it('holds parameters and tags, and the digest by which an update by hand finds nothing to do (R47)', () => {
    assert.deepEqual(JSON.parse(templateConfiguration(desired, '0a1b')), {
      Parameters: { Owner: 'o', ImageId: 'ami-0new', Digest: '0a1b' },
      Tags: { Owner: 'o', Environment: 'staging' },
    })
  })

  it('does not set a hidden parameter to the asterisks that AWS shows for it', () => {
    const hiding = { ...desired, parameters: { ...desired.parameters, Password: '****' } }
    assert.equal(templateConfiguration(hiding, '0a1b'), templateConfiguration(desired, '0a1b'))
  })
})
