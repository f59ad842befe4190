/**
 * Debian publishes the ids of its current images as public parameters, in every region.
 * https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm
 */
const debianNames: Readonly<Record<string, string>> = { x86_64: 'amd64', arm64: 'arm64' }

export const architectures = Object.keys(debianNames)

/** What a builder of each runs on where the image's own instance type cannot. */
export const usualBuilders: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['t3.small', 't3a.small'],
  arm64: ['t4g.small'],
}

export const baseParameter = (architecture: string): string =>
  `/aws/service/debian/release/12/latest/${debianNames[architecture] ?? architecture}`
