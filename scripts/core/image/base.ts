/**
 * Debian publishes the ids of its current images as public parameters, in every region.
 * https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm
 */
const debianNames: Readonly<Record<string, string>> = { x86_64: 'amd64', arm64: 'arm64' }

export const architectures = Object.keys(debianNames)

export const baseParameter = (architecture: string): string =>
  `/aws/service/debian/release/12/latest/${debianNames[architecture] ?? architecture}`
