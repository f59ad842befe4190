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

/** The lines that tell why a build failed, first cause first: Packer repeats them at its end. */
export function reasonsOf(lines: readonly string[]): readonly string[] {
  const found = lines.flatMap((line, index) => {
    // A fault of the configuration, whose place stands some lines below.
    const fault = /^(?:Error|Warning): (.*)$/.exec(line)
    if (fault) return line.startsWith('Error') ? [`${placeBelow(lines, index)}${fault[1]}`] : []
    const match =
      /^(?:==> |--> )?(?:[\w-]+\.[\w-]+: )?((?:Error|Script exited|Timeout|Build '.*' errored|error ).*)$/i.exec(
        line.trim(),
      )
    return match ? [match[1]!.replace(/^Build '.*' errored after [^:]*: /, '')] : []
  })
  return [...new Set(found)].filter((line) => !/^Build '.*' errored/.test(line)).slice(0, 3)
}

const placeBelow = (lines: readonly string[], index: number): string => {
  for (const line of lines.slice(index + 1, index + 4)) {
    const place = /^ {2}on (\S+) line (\d+)/.exec(line)
    if (place) return `${place[1]}:${place[2]}: `
  }
  return ''
}
