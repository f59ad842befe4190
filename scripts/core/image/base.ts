const debianNames: Readonly<Record<string, string>> = { x86_64: 'amd64', arm64: 'arm64' }
const debianName = (architecture: string): string => debianNames[architecture] ?? architecture

export const architectures = Object.keys(debianNames)

/** What a builder of each runs on where the image's own instance type cannot. */
export const usualBuilders: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['t3.small', 't3a.small'],
  arm64: ['t4g.small'],
}

/**
 * Who makes systems publishes the ids of their current images as public parameters, in every region.
 * https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm
 * https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/
 * https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
 */
const parameters: Readonly<Record<string, (architecture: string) => string>> = {
  'debian-12': (architecture) => `/aws/service/debian/release/12/latest/${debianName(architecture)}`,
  'debian-13': (architecture) => `/aws/service/debian/release/13/latest/${debianName(architecture)}`,
  'ubuntu-24.04': (architecture) =>
    `/aws/service/canonical/ubuntu/server/24.04/stable/current/${debianName(architecture)}/hvm/ebs-gp3/ami-id`,
  'amazon-linux-2023': (architecture) =>
    `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
}

/** What images can be made on; the first is what they are made on unless somebody says otherwise. */
export const baseNames = Object.keys(parameters)
export const usualBase = baseNames[0]!

export const baseParameter = (architecture: string, base = usualBase): string =>
  (parameters[base] ?? parameters[usualBase]!)(architecture)
