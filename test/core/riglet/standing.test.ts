import assert from 'node:assert/strict'
import { standingsOf } from '../../../scripts/core/riglet/standing.ts'
import { renderRiglet } from '../../../scripts/view/riglet.ts'
import { foundation as ground } from '../../../scripts/core/layers/foundation.ts'
import { desiredStack } from '../../../scripts/core/layers/layer.ts'
import { deployed } from '../../fakes/stacks.ts'

describe('what there is of a riglet', () => {
  const riglet = { owner: 'acme', project: 'shop' }
  const source = { repo: 'shop', branch: 'main' }
  const foundation = (template: string) => desiredStack(ground, { riglet, environment: 'staging' }, template, {})
  const plain = foundation('Resources: {}\n')
  const lookingUp = foundation('Parameters:\n  A: { Type: "AWS::SSM::Parameter::Value<String>" }\nResources: {}\n')

  it('is missing, as desired, different, or may differ where only CloudFormation can tell', async () => {
    const types = async (desired: typeof plain, found = deployed(desired)) =>
      (await standingsOf([desired], [found], source)).map(({ type }) => type)
    assert.deepEqual(await types(plain), ['as desired'])
    assert.deepEqual(await types(plain, deployed(lookingUp)), ['different'])
    assert.deepEqual(await types(plain, deployed(plain, { status: 'CREATE_IN_PROGRESS' })), ['missing'])
    assert.deepEqual(await types(lookingUp), ['may differ'])
  })

  it('names the command that shows what may have changed', async () => {
    const standings = await standingsOf([lookingUp], [deployed(lookingUp)], source)
    const screen = renderRiglet('acme-shop', '123456789012', {}, standings)
    assert.match(screen, /\? acme-shop-staging-foundation/)
    assert.match(screen, /looks up values for it[\s\S]* {2}make update-environment ENV=staging/)
    assert.doesNotMatch(screen, /differs from this checkout/)
  })
})
