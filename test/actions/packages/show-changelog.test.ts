import assert from 'node:assert/strict'
import { showChangelog } from '../../../scripts/actions/packages/show-changelog.ts'
import type { RigletError } from '../../../scripts/core/errors.ts'
import { fakeBuckets } from '../../fakes/image-ports.ts'
import { fakePorts, fakeRegion, imageFacts } from '../../fakes/regional.ts'
import { fakeStacks, stackState } from '../../fakes/stacks.ts'
import { answering } from '../../fakes/terminal.ts'

const idOf = (number: number): string => `ami-${String(number).padStart(17, '0')}`
const riglet = { Owner: 'acme', Project: 'shop' }

const finished = { Inputs: 'f'.repeat(64), BuiltFor: 'pipeline shop main' }

const image = (number: number, version: string, more: Readonly<Record<string, string>>, architecture = 'x86_64') =>
  imageFacts(idOf(number), {
    created: `2026-01-0${number}T12:00:00Z`,
    architecture,
    tags: {
      ...{ ...riglet, Image: 'web', Version: version, Commit: `c0ffee${number}9f`, ...more },
    },
  })

const images = [
  image(1, '1.4.2', finished),
  image(2, '1.4.3', finished),
  image(3, '1.4.3', finished),
  image(4, '1.4.3', {}),
  image(5, '1.4.3', { ...finished, CandidateImageId: idOf(2) }),
  image(6, '1.5', { ...finished, BuiltFor: 'hand - -' }),
  image(7, '2', { ...finished, Image: 'runner' }),
  image(8, '2', finished),
  image(9, '1.5', finished, 'arm64'),
  imageFacts('ami-0fffffffffffffff0', { tags: { Owner: 'somebody' } }),
]

const lists: Readonly<Record<string, object>> = {
  [`jobs/packages/${idOf(1)}.json`]: { curl: '7.88.1-10', nginx: '1.22.1-9' },
  [`jobs/packages/${idOf(3)}.json`]: { curl: '7.88.1-10', nginx: '1.22.1-9+deb12u1' },
  [`riglet/packages/${idOf(6)}.json`]: { curl: '7.88.1-9', nginx: '1.22.1-9' },
  // Whatever a pipeline says of images that it did not make counts for nothing.
  [`jobs/packages/${idOf(6)}.json`]: { wrong: '1' },
}

const settings = { OWNER: 'acme', PROJECT: 'shop', REGION: 'eu-central-1' }
type Asked = Partial<Record<'IMAGE' | 'ARCH' | 'JSON' | 'COMMIT_TAG', string>> & { FROM: string; TO: string }

async function changelog(asked: Asked) {
  const stacks = fakeStacks({
    states: [
      stackState('acme-shop-artifacts', 'CREATE_COMPLETE', { outputs: { ArtifactBucket: 'riglet' } }),
      stackState('acme-shop-jobs-blog-main', 'CREATE_COMPLETE', {
        parameters: { Repo: 'blog', Branch: 'main' },
        outputs: { ArtifactBucket: 'blog' },
      }),
      stackState('acme-shop-jobs-shop-main', 'CREATE_COMPLETE', {
        parameters: { Repo: 'shop', Branch: 'main' },
        outputs: { ArtifactBucket: 'jobs' },
      }),
    ],
  })
  const terminal = answering()
  const buckets = fakeBuckets()
  for (const [place, list] of Object.entries(lists)) buckets.objects.set(place, JSON.stringify(list))
  await showChangelog({ ...settings, ...asked }, { ...fakePorts(terminal, fakeRegion({ images, stacks })), buckets })
  assert.deepEqual(terminal.said, [])
  assert.deepEqual(stacks.calls, ['list'])
  return terminal.shown.join('\n')
}

const data = async (asked: Asked) =>
  JSON.parse(await changelog({ ...asked, JSON: '1' })) as Record<string, { id: string; name: string }[]> & {
    from: { id: string }
    to: { id: string }
  }

describe('make changelog', () => {
  it('shows as Markdown and as JSON which packages differ between two images (B12)', async () => {
    const text = await changelog({ FROM: idOf(1), TO: idOf(3) })
    assert.match(text, /^# Packages: web `1\.4\.2` to web `1\.4\.3`$/m)
    assert.match(text, /^\| to +\| ami-0+3 \| `1\.4\.3` \| c0ffee3 \| 2026-01-03 12:00 \|$/m)
    assert.match(text, /^## Upgraded: 1\n\n.*\n.*\n\| \[nginx\] \| `1\.22\.1-9` \| `1\.22\.1-9\+deb12u1` \|$/m)
    assert.match(text, /^\[nginx\]: https:\/\/tracker\.debian\.org\/pkg\/nginx$/m)
    const { from, to, ...rest } = await data({ FROM: idOf(1), TO: idOf(3) })
    const known = { image: 'web', architecture: 'x86_64' }
    assert.deepEqual(from, {
      ...{ id: idOf(1), ...known, version: '1.4.2', commit: 'c0ffee19f', created: '2026-01-01T12:00:00Z' },
    })
    assert.equal(to.id, idOf(3))
    const link = 'https://tracker.debian.org/pkg/nginx'
    assert.deepEqual(rest, {
      ...{ added: [], removed: [], downgraded: [] },
      upgraded: [{ name: 'nginx', from: '1.22.1-9', to: '1.22.1-9+deb12u1', link }],
    })
  })

  it('takes versions for their newest candidates: finished ones, and no copies', async () => {
    const { from, to } = await data({ FROM: '1.4.2', TO: '1.4.3', IMAGE: 'web' })
    assert.deepEqual([from.id, to.id], [idOf(1), idOf(3)])
  })

  it('finds the list of an image that a person baked where that person kept it', async () => {
    const { downgraded, upgraded } = await data({ FROM: '1.4.2', TO: '1.5', ARCH: 'amd64' })
    assert.deepEqual([downgraded!.map(({ name }) => name), upgraded], [['curl'], []])
  })

  it('says that an image does not differ from itself, and asks for no list', async () => {
    const text = await changelog({ FROM: '1.4.3', TO: idOf(3) })
    assert.match(text, /^FROM and TO are the same image: there is no difference\.$/m)
    const { added } = await data({ FROM: idOf(2), TO: idOf(2) })
    assert.deepEqual(added, [])
  })

  const refused: readonly (readonly [string, Asked, string, RegExp, RegExp])[] = [
    [
      'that is not there',
      { FROM: 'ami-0123456789abcdef0', TO: idOf(3) },
      'NOT_FOUND',
      /^There is no image ami-0123456789abcdef0 in eu-central-1/,
      /REGION=/,
    ],
    [
      'of somebody else',
      { FROM: idOf(1), TO: 'ami-0fffffffffffffff0' },
      'IMAGE',
      /^ami-0fffffffffffffff0 \(.*\) is no image of OWNER=acme PROJECT=shop/,
      /its candidate/,
    ],
    [
      'whose bake kept no list',
      { FROM: idOf(1), TO: idOf(2) },
      'NOT_FOUND',
      /^There is no list of the packages of ami-0+2\.$/,
      /older ones/,
    ],
    [
      'of a version that there is not',
      { FROM: '1.4.2', TO: '9', IMAGE: 'web' },
      'NOT_FOUND',
      /^There is no image web of version 9\.$/,
      /Versions there: 1\.4\.2, 1\.4\.3, 1\.5, 2$/,
    ],
    [
      'of a name that there is not',
      { FROM: '1.4.2', TO: '1.4.3', IMAGE: 'wbe' },
      'NOT_FOUND',
      /^There is no image wbe of version 1\.4\.2\.$/,
      /Images there: runner, web$/,
    ],
    [
      'of a version that several images have',
      { FROM: '1.4.2', TO: '2' },
      'NOT_FOUND',
      /^Several images are of version 2: runner, web\.$/,
      /IMAGE=runner\./,
    ],
    [
      'of a version that several architectures have',
      { FROM: '1.4.2', TO: '1.5', IMAGE: 'web' },
      'NOT_FOUND',
      /^Several images are of version 1\.5: arm64, x86_64\.$/,
      /ARCH=arm64\./,
    ],
  ]
  for (const [what, asked, code, message, remedy] of refused)
    it(`refuses an image ${what}, and says what helps`, () =>
      assert.rejects(changelog(asked), (error: RigletError) => {
        assert.equal(error.code, code)
        assert.match(error.message, message)
        assert.match(error.remedy, remedy)
        return true
      }))
})
