import { RigletError } from '../errors.ts'

const minute = 60_000
/** From here on AWS refuses signatures. https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html */
const mostMinutes = 5

/**
 * By how many milliseconds the machine's clock is ahead of AWS's (less than 0: behind), as the Date of an answer tells; undefined: it is
 * right, or there is no telling. The machine may have slept between request and answer.
 */
export function clockSkew(date: string | undefined, sent: number, received: number): number | undefined {
  const theirs = Date.parse(date ?? '')
  const skew = theirs < sent ? sent - theirs : Math.min(0, received - theirs)
  return Math.abs(skew) > mostMinutes * minute ? skew : undefined
}

/**
 * The SDK signs by AWS's clock all the same. But pauses between waves, days until an image is disabled, deprecations and freezes are
 * reckoned against times that AWS gave.
 */
export function wrongClock(skew: number): RigletError {
  const minutes = Math.round(Math.abs(skew) / minute)
  const much = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
  return new RigletError(
    'CLOCK',
    `The clock of this machine is ${much} ${skew > 0 ? 'ahead of' : 'behind'} that of AWS.`,
    'Nothing more was asked of AWS: ages, pauses and deadlines would be wrong by as much. Set the clock, for instance: sudo timedatectl set-ntp true',
  )
}
