import { RigletError } from '../errors.ts'

/** Two apps cannot answer for the same requests. `rule`: its priority on the listener. */
export const hostTaken = (stack: string, host: string, holder: string, rule: number): RigletError =>
  new RigletError(
    'RULE_TAKEN',
    host === ''
      ? `${stack} has no host name, so it would answer for every host; ${holder} does so already (rule ${rule} of the load balancer).`
      : `${stack} would answer for ${host}; ${holder} does so already (rule ${rule} of the load balancer).`,
    'Nothing was changed. Give one of them a host name of its own: hostName in environments.yaml, or HOST_NAME=shop.example.com.',
  )

/** Rules are asked by their numbers, the lowest first: a wider host belongs behind a narrower one. */
export const noRuleFree = (stack: string, side: 'before' | 'behind', holder: string, rule: number): RigletError =>
  new RigletError(
    'RULE_TAKEN',
    `The load balancer has no number free for the rule of ${stack}: it belongs ${side} rule ${rule}, which is that of ${holder}.`,
    'Nothing was changed. Give that rule another number: aws elbv2 set-rule-priorities.',
  )
