import { isLast } from '../shapes.ts'
import { environmentIn, heldBy } from './layers.ts'
import { environmentOf, type Settings } from '../settings/settings.ts'
import type { StackState } from '../stack/state.ts'

/**
 * Against updates that replace or delete what holds state; without any it allows all.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html
 */
export const stackPolicy = (held: readonly string[]): string =>
  JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' },
      ...(held.length === 0
        ? []
        : [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: ['Update:Replace', 'Update:Delete'],
              Resource: held.map((name) => `LogicalResourceId/${name}`),
            },
          ]),
    ],
  })

/** Whether it is one that riglet protects by itself, and so may lift the protection of, once its name was typed. */
export const isProductions = (state: StackState): boolean => isLast(environmentIn(state)) && heldBy(state).length > 0

/** How the last environment's are deleted: by a name that is typed, which lifts the protection that riglet gave them. */
export const byName = (settings: Settings<'ENV'>) =>
  isLast(environmentOf(settings)) ? { typed: settings.NAME, lifts: isProductions } : undefined
