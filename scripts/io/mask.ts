const secretWord = /SECRET|TOKEN|PASSWORD/
/** These name the place where a secret lies. Values do not tell: one in 64 secret keys begins with a slash. */
const place = /_(?:FILE|PATH|DIR)$/
/** Shorter ones are guessed sooner than read, and would blot out ordinary words. */
const shortest = 12

/** Values that no output may show: those of secret variables, wherever they turn up. */
export function makeMask(environment: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const secrets = Object.entries(environment)
    .filter(
      ([name, value]) => secretWord.test(name) && !place.test(name) && value !== undefined && value.length >= shortest,
    )
    .map(([, value]) => value as string)
    .sort((left, right) => right.length - left.length)
  return (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, '****'), text)
}
