import assert from 'node:assert/strict'
import { keepAnswers } from '../../../scripts/actions/riglet/kept-answers.ts'
import { createRiglet } from '../../../scripts/actions/riglet/create-riglet.ts'
import { fakeRegion } from '../../fakes/regional.ts'
import { answering } from '../../fakes/terminal.ts'
import { given, world } from './support/new-riglet.ts'

describe('create-riglet', () => {
  it('keeps a .make that is there, and says where it differs', async () => {
    const terminal = answering('', '', 'yes')
    const { ports, files } = world(fakeRegion(), terminal, {}, { '.make': 'OWNER=zeta\n' })
    await createRiglet(given, ports)
    assert.match(files.content.get('.make')!, /^OWNER=zeta\nPROJECT=shop\n/)
    assert.match(terminal.said.join('\n'), /\.make says another OWNER; to work on this riglet, set OWNER=acme/)
  })

  it('fills in the empty lines of a .make that was copied from the example', async () => {
    const terminal = answering('acme', 'shop', 'ops@example.com', '', 'yes')
    const text = '# Who\nOWNER=\nPROJECT=\nREGION=us-east-1\nREPO=web\nBRANCH=main\nEMAIL_ADDRESS=\nVPC_QUOTA=\n'
    const { ports, files } = world(fakeRegion(), terminal, {}, { '.make': text })
    await createRiglet({ REGION: 'us-east-1', REPO: 'web', BRANCH: 'main' }, ports)
    assert.equal(
      files.content.get('.make'),
      '# Who\nOWNER=acme\nPROJECT=shop\nREGION=us-east-1\nREPO=web\nBRANCH=main\n' +
        'EMAIL_ADDRESS=ops@example.com\nVPC_QUOTA=\n',
    )
    assert.doesNotMatch(terminal.said.join('\n'), /\.make says another/)
  })

  it('keeps the answers where other checkouts find them', async () => {
    const region = fakeRegion()
    const { ports } = world(region, answering('ops@example.com', '', 'yes'))
    await createRiglet(given, ports)
    assert.deepEqual(Object.fromEntries(region.held.parameters), {
      '/acme/shop/REPO': 'shop',
      '/acme/shop/BRANCH': 'main',
      '/acme/shop/EMAIL_ADDRESS': 'ops@example.com',
    })
  })

  it('keeps the answers of others that this checkout says nothing of', async () => {
    const region = fakeRegion({ parameters: { '/acme/shop/EMAIL_ADDRESS': 'ops@example.com' } })
    await keepAnswers({ OWNER: 'acme', PROJECT: 'shop', BRANCH: 'main' }, region)
    assert.equal(region.held.parameters.get('/acme/shop/EMAIL_ADDRESS'), 'ops@example.com')
    await keepAnswers({ OWNER: 'acme', PROJECT: 'shop', EMAIL_ADDRESS: '' }, region)
    assert.deepEqual([...region.held.parameters.keys()], ['/acme/shop/BRANCH'])
  })

  it('offers another checkout that goes on the answers that were kept, and forgets those taken back', async () => {
    const region = fakeRegion()
    const answers = { REPO: 'web', BRANCH: 'trunk', EMAIL_ADDRESS: 'ops@example.com' }
    for (const [name, value] of Object.entries(answers)) region.held.parameters.set(`/acme/shop/${name}`, value)
    const { REPO: _, BRANCH: __, ...fresh } = given
    const { ports } = world(region, answering('', '', '', '', 'no'))
    assert.equal(await createRiglet(fresh, ports), 1)
    const terminal = answering('', 'develop', 'none', '', 'yes')
    await createRiglet(fresh, world(region, terminal).ports)
    assert.match(terminal.shown[0]!, /web, branch develop/)
    assert.match(terminal.shown[0]!, /Notices to +nobody/)
    assert.deepEqual(Object.fromEntries(region.held.parameters), {
      '/acme/shop/REPO': 'web',
      '/acme/shop/BRANCH': 'develop',
    })
  })
})
