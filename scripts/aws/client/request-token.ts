/**
 * Names one request, so that asking again after a lost reply does not ask for a second operation. To the millisecond:
 * a second try within the same second is another request.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
 */
export const requestToken = (what: string, now: Date): string =>
  `riglet-${what}-${now.toISOString().replaceAll(/[-:.]/g, '')}`
