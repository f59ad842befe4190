/** Asks again and again until the answer is good: at first ten times a second, and once a second what takes long. */
export const until = async <Value>(
  ask: () => Promise<Value>,
  good: (value: Value) => boolean,
  seconds = 60,
): Promise<Value> => {
  const end = Date.now() + seconds * 1000
  for (let pause = 100; ; pause = Math.min(pause * 1.3, 1000)) {
    const value = await ask()
    if (good(value)) return value
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)} after ${seconds} s`)
    await new Promise((wait) => setTimeout(wait, pause))
  }
}
