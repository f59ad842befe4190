const secretWord = /SECRET|TOKEN|PASSWORD/
/** These name the place where a secret lies. Values do not tell: one in 64 secret keys begins with a slash. */
const place = /_(?:FILE|PATH|DIR)$/
/** Shorter ones are guessed sooner than read, and would blot out ordinary words. */
const shortest = 12
const proxy = /_PROXY$/i

/** User and password of a proxy's address: with the @ behind them they are no ordinary words, however short. */
function ofProxy(address: string): string[] {
  const users = [...address.matchAll(/(?<=^|:\/\/)[^\s/]*@/g)].map(([found]) => found)
  const passwords = users.map((user) => /:(.*)@$/s.exec(user)?.[1] ?? '').filter(({ length }) => length >= shortest)
  return [...users, ...passwords]
}

/** Values that no output may show: those of secret variables and proxies, wherever they turn up. */
export function makeMask(environment: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const secrets = Object.entries(environment)
    .flatMap(([name, value = '']) => {
      if (proxy.test(name)) return ofProxy(value)
      return secretWord.test(name) && !place.test(name) && value.length >= shortest ? [value] : []
    })
    .sort((left, right) => right.length - left.length)
  return (text) =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, secret.endsWith('@') ? '****@' : '****'), text)
}
