/** Package name -> version, as an image carries them. */
export type PackageList = Readonly<Record<string, string>>

export type PackageDifference = {
  readonly added: readonly { readonly name: string; readonly version: string }[]
  readonly removed: readonly { readonly name: string; readonly version: string }[]
  readonly changed: readonly { readonly name: string; readonly from: string; readonly to: string }[]
}

/** What changed between the packages of two images, each list by name. */
export function packageDifference(before: PackageList, after: PackageList): PackageDifference {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const added: { name: string; version: string }[] = []
  const removed: { name: string; version: string }[] = []
  const changed: { name: string; from: string; to: string }[] = []
  for (const name of names) {
    const from = before[name]
    const to = after[name]
    if (from === undefined && to !== undefined) added.push({ name, version: to })
    else if (to === undefined && from !== undefined) removed.push({ name, version: from })
    else if (from !== undefined && to !== undefined && from !== to) changed.push({ name, from, to })
  }
  return { added, removed, changed }
}
