type Tags = Readonly<Record<string, string>>

/** Whether something carries all these tags, whatever others it has. */
export const carriesTags = (has: Tags, desired: Tags): boolean =>
  Object.entries(desired).every(([key, value]) => has[key] === value)
