import type { Rehearsal } from './rehearsal.ts'

/** An alarm's state. CloudWatch's client is no dependency; the rehearsal knows a caller by the key alone. */
export async function alarmState({ endpoint, env }: Rehearsal, name: string): Promise<string> {
  const text = await askCloudWatch({ endpoint, env }, 'DescribeAlarms', { 'AlarmNames.member.1': name })
  return /<StateValue>(\w+)</.exec(text)?.[1] ?? 'none'
}

/** A call by CloudWatch's query protocol; its answer as it came. */
export async function askCloudWatch(
  { endpoint, env }: Pick<Rehearsal, 'endpoint' | 'env'>,
  Action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const scope = `${env['AWS_ACCESS_KEY_ID']}/20260101/us-east-1/monitoring/aws4_request`
  const reply = await fetch(endpoint, {
    method: 'POST',
    headers: { Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Action, Version: '2010-08-01', ...parameters }),
  })
  const text = await reply.text()
  if (!reply.ok) throw new Error(`${Action}: ${reply.status} ${text}`)
  return text
}
