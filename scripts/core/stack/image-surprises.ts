import type { PropertyChange, ResourceChange } from './plan.ts'

const isId = (value: string | undefined): boolean => value !== undefined && /^ami-[0-9a-f]{8,17}$/.test(value)

const namesImage = ({ path, before, after }: PropertyChange): boolean =>
  /(?:^|\.)ImageId$/.test(path) || isId(before) || isId(after)

/**
 * Changes of an AMI that nothing stands behind (B05): `desired` is the image that somebody asked for, a pipeline by its bake
 * or a person by name, or that is deployed and stays. Whatever else a template makes of it, such as one that it looks up
 * itself, would come as a surprise. In words, one a line.
 */
export const imageSurprises = (changes: readonly ResourceChange[], desired: string): readonly string[] =>
  changes.flatMap(({ logicalId, properties }) =>
    properties
      .filter((property) => namesImage(property) && property.before !== property.after)
      .filter(({ after, cause }) => after !== desired && !(after === undefined && cause === 'ImageId'))
      .map(({ path, before = 'none', after = 'one that CloudFormation does not tell', cause }) => {
        const why = cause === undefined ? '' : `, because of ${cause}`
        return `${logicalId}.${path} would go from ${before} to ${after}${why}`
      }),
  )
