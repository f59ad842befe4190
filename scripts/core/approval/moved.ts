import { canonicalJson } from '../canonical.ts'
import type { Decisive } from './packet.ts'

/** What differs between the state that was approved and the state now, in words; empty when nothing moved. */
export function whatMoved(approved: Decisive, now: Decisive): readonly string[] {
  const moved: string[] = []
  const differs = (a: unknown, b: unknown): boolean => canonicalJson(a) !== canonicalJson(b)
  if (approved.stack !== now.stack) moved.push(`the stack is ${now.stack}, not ${approved.stack}`)
  if (approved.deployedTemplate !== now.deployedTemplate)
    moved.push(`the template in force in ${now.stack} has changed`)
  moved.push(...parameters('is deployed with', approved.deployedParameters, now.deployedParameters))
  if (approved.desiredTemplate !== now.desiredTemplate) moved.push('the template of the change set has changed')
  moved.push(...parameters('is to get', approved.desiredParameters, now.desiredParameters))
  if (differs(approved.oldImage, now.oldImage)) moved.push(image('the running image', approved.oldImage, now.oldImage))
  if (differs(approved.newImage, now.newImage)) moved.push(image('the new image', approved.newImage, now.newImage))
  if (differs(approved.changes, now.changes)) moved.push('the change set would change other resources than were shown')
  return moved
}

function parameters(
  verb: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => `the stack ${verb} ${name} ${after[name] ?? '(none)'}, not ${before[name] ?? '(none)'}`)
}

function image(what: string, before: Decisive['oldImage'], after: Decisive['oldImage']): string {
  if (before === null || after === null || before.id !== after.id)
    return `${what} is ${after?.id ?? '(none)'}, not ${before?.id ?? '(none)'}`
  if (before.state !== after.state) return `${what} ${after.id} is ${after.state} now`
  return `${what} ${after.id} carries other tags now (commit ${after.commit}, inputs ${after.inputs})`
}
