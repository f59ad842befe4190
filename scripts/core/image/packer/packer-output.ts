/** A line of Packer without its prefix: steps at the margin, what they print indented; undefined for empty noise. */
export function readable(line: string): string | undefined {
  const plain = line.trimEnd()
  const step = /^==> (?:[\w.-]+: )?(.*)$/.exec(plain)
  if (step) return noise.test(step[1]!) ? undefined : `  ${step[1]}`
  const detail = /^ {4}[\w-]+\.[\w-]+: ?(.*)$/.exec(plain)
  if (detail) return detail[1]!.trim() === '' ? undefined : `    ${detail[1]!.trimEnd()}`
  return undefined
}

/** Frames, settings that are known already, and what was not asked for. */
const noise = new RegExp(
  [
    '^(?:Provisioning with shell script: /tmp/packer-shell|Wait completed after|Builds finished|Some builds didn|Prevalidating|Using SSH communicator|Adding tag|Skipping',
    'No volumes to clean up|skip_create_ami was set|Setting public IP|changing public IP|No VPC ID provided|Inferring subnet',
    'Set subnet as|Found Image ID|Modifying|Attaching run tags|Running post-processor|Stopping instance$|Trying to remove ephemeral)',
  ].join('|'),
)
