type Tags = Readonly<Record<string, string>>

/** Whether something carries all these tags, whatever others it has. */
export const carriesTags = (has: Tags, wanted: Tags): boolean =>
  Object.entries(wanted).every(([key, value]) => has[key] === value)
