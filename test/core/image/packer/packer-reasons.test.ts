import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { reasonsOf } from '../../../../scripts/core/image/packer/packer-reasons.ts'

/** What Packer really printed: 1.9.4 with its Amazon plugin, against a rehearsal or bad files. */
const samples = 'test/core/image/packer/said'
const sample = (name: string): string[] => readFileSync(`${samples}/${name}.txt`, 'utf8').split('\n')

const web = 'packer/web/image.pkr.hcl'
const expected: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'bad-key': [/^Error launching source instance: .* The KMS key '.*' does not exist$/],
  'bad-name': [
    /^packer\/web\/image\.pkr\.hcl:17: AMIName should only contain alphanumeric characters.*your ami name\.$/,
  ],
  'bad-timeout': [
    `${web}:29: Incorrect attribute value type: Inappropriate value for attribute "volume_size": a number is required.`,
  ],
  crash: ['unexpected EOF', 'packer-plugin-crash crashed: assignment to entry in nil map (crash.log tells where)'],
  declaration: [/^packer\/web\/bad\.pkrvars\.hcl:2: Variable declaration in a \.pkrvar file: A \.pkrvar file is used/],
  'missing-file': [
    `${web}:71: Failed preparing provisioner-block "file" "": Bad source 'packer/web/checks/none.yaml': stat packer/web/checks/none.yaml: no such file or directory`,
  ],
  'missing-script': [
    `${web}:81: Failed preparing provisioner-block "shell" "": Bad script '/nowhere.sh': stat /nowhere.sh: no such file or directory`,
    `${web}:107: Failed preparing provisioner-block "shell" "": Bad script '/nowhere.sh': stat /nowhere.sh: no such file or directory`,
  ],
  'open-quote': [
    /^packer\/web\/bad\.pkrvars\.hcl:1: Invalid multi-line string: .*template syntax\.$/,
    /^packer\/web\/bad\.pkrvars\.hcl:2: Invalid multi-line string/,
    'packer/web/bad.pkrvars.hcl:1: Unterminated template string: No closing marker was found for the string.',
  ],
  'post-processors': [
    /^Post-processor failed: Unable to write .*: no such file or directory$/,
    'Post-processor failed: Script exited with non-zero exit status: 3. Allowed exit codes are: [0]',
  ],
  script: [
    'Script exited with non-zero exit status: 100. Allowed exit codes are: [0]',
    'it said last: all well so far',
    'it said last: E: Unable to locate package nignx',
  ],
  undeclared: ['<console-input>:1: Unsupported attribute: This object does not have an attribute named "nope".'],
  'undefined-var': [/^Undefined -var variable: A "nam" variable was passed/],
  'unknown-plugin': [
    /^packer\/web\/image\.pkr\.hcl:64: Unknown source type amazon-esb: known builders: .*amazon-ebs\]$/,
  ],
  'unknown-ref': [38, 39, 36].map(
    (line) => `${web}:${line}: Unsupported attribute: This object does not have an attribute named "privat".`,
  ),
  unsupported: [`${web}:24: Unsupported argument: An argument named "nonsense" is not expected here.`],
}

describe('why Packer failed', () => {
  for (const [name, reasons] of Object.entries(expected)) {
    it(`is told whole for ${name}`, () => {
      const found = reasonsOf(sample(name))
      assert.equal(found.length, reasons.length, found.join('\n'))
      reasons.forEach((reason, index) =>
        typeof reason === 'string' ? assert.equal(found[index], reason) : assert.match(found[index]!, reason),
      )
    })
  }

  it('is known for every sample that was kept', () =>
    assert.deepEqual(
      readdirSync(samples)
        .map((file) => file.replace('.txt', ''))
        .sort(),
      Object.keys(expected).sort(),
    ))

  const texts: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'errors in errors',
      '--> amazon-ebs.web: 1 error(s) occurred:\n\n* 2 error(s) occurred:\n\n* one\n* two\n\tstatus code: 403',
      ['one', 'two status code: 403'],
    ],
    [
      'an error behind other words',
      '--> amazon-ebs.web: Error waiting for AMI: 1 error occurred:\n\t* ResourceNotReady: failed\n\n',
      ['Error waiting for AMI: ResourceNotReady: failed'],
    ],
    ['a list of nothing', '--> amazon-ebs.web: 1 error(s) occurred:\n', ['1 error(s) occurred:']],
  ]
  for (const [what, text, reasons] of texts) {
    it(`is told line by line for ${what}`, () =>
      assert.deepEqual(
        reasonsOf([
          "==> Some builds didn't complete successfully and had errors:",
          ...text.split('\n'),
          '==> Builds finished but no artifacts were created.',
        ]),
        reasons,
      ))
  }

  it('is what was said when Packer was killed before its end', () =>
    assert.deepEqual(
      reasonsOf(["Build 'amazon-ebs.web' errored after 2 minutes 1 second: Error waiting for SSH:", '', 'timeout', '']),
      ['Error waiting for SSH: timeout'],
    ))

  it('is the last that was heard where Packer gives no reason', () =>
    assert.deepEqual(reasonsOf(['', 'bash: line 1: packer: command not found', '']), [
      'bash: line 1: packer: command not found',
    ]))

  it('has an end, however many reasons there are', () => {
    const many = Array.from({ length: 30 }, (_, index) => [`Error: fault ${index}`, '', '']).flat()
    assert.deepEqual([reasonsOf(many).length, reasonsOf(many).at(-1)], [11, 'and 20 more'])
  })
})
