import { readDesired } from '../../../scripts/core/manifest/read-desired.ts'
import type { Desired } from '../../../scripts/core/manifest/desired-images.ts'
import { chooseImages, type Choice, type OneCommit } from '../../../scripts/core/share/choose-images.ts'
import { localShares, type LocalShare } from '../../../scripts/core/share/local-share.ts'
import type { ImageFacts } from '../../../scripts/core/image/image-facts.ts'
import { imageFacts } from '../../fakes/regional.ts'

export const riglet = { owner: 'acme', project: 'shop' }

/** The accounts that most tests share with, and what a test says below `share:`. */
export const desired = (share: string, more = ''): Desired =>
  readDesired(`accounts:
  hub: { account: "222222222222", role: riglet/hub, externalId: acme-hub, regions: [us-east-1, eu-west-1] }
  stage:
    { account: "333333333333", role: riglet/consumer, externalId: acme-stage, regions: [us-east-1, eu-west-1], tags: { Payer: stage, Team: ours } }
  prod: { account: "444444444444", role: riglet/consumer, externalId: acme-prod, regions: [us-east-1] }
${more}share:
  ${share}
`)

export const local = (share: string, home = 'us-east-1', only?: string): readonly LocalShare[] =>
  localShares(desired(share), home, only)

export const tags = { Owner: 'acme', Project: 'shop', Image: 'web', Version: '1.4.2', Commit: 'c0ffee1234' }

export const image = (number: number, more: Partial<ImageFacts> = {}): ImageFacts =>
  imageFacts(`ami-0000000${number}`, {
    name: `acme-shop/candidate/web/1.4.${number}`,
    account: '111111111111',
    region: 'us-east-1',
    tags,
    ...more,
  })

export const choice = (share: string, images: readonly ImageFacts[], one?: OneCommit): Choice =>
  chooseImages(local(share), () => ({ type: 'found', images }), one)

export const chosenIds = ({ chosen }: Choice): readonly string[] =>
  chosen.map(({ image: { id }, consumer }) => `${id} ${consumer.name}`)
