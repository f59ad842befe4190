const secretWord = /SECRET|TOKEN|PASSWORD/

/** Values that no output may show: those of secret variables, wherever they turn up. */
export function makeMask(environment: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const secrets = Object.entries(environment)
    .filter(
      ([name, value]) => secretWord.test(name) && value !== undefined && value.length >= 6 && !value.startsWith('/'),
    )
    .map(([, value]) => value as string)
    .sort((left, right) => right.length - left.length)
  return (text) => secrets.reduce((shown, secret) => shown.replaceAll(secret, '****'), text)
}
