import type { JournalEntry } from '../../../rehearsal/contract/support/rehearsal.ts'

/** One thing that a commit tries with the rights of the job that runs it. */
export type Attempt = {
  /** Which of the walls of docs/security.md it tries. */
  readonly wall: string
  /** Words of the AWS CLI. */
  readonly call: string
  /** The operation as the journal knows it. */
  readonly operation: string
}

export type Targets = {
  readonly account: string
  readonly shared: string
  readonly ownBucket: string
  readonly otherBucket: string
  /** As BuiltFor names it: the pipeline that runs the attempts, and the one beside it. */
  readonly ownPipeline: string
  readonly otherPipeline: string
  readonly productionInstance: string
  readonly productionSubnet: string
  readonly image: string
  readonly buildSubnet: string
  readonly buildGroup: string
}

const production = 'acme-shop-production-app-web-main'

/** The tags that a bake gives: what is tried with them is refused for what it reaches alone. */
const tagged = ({ ownPipeline }: Targets, ...types: readonly string[]): string => {
  const tags = { Owner: 'acme', Project: 'shop', Builder: 'bake', BuiltFor: ownPipeline }
  const words = Object.entries(tags).map(([key, value]) => `{Key=${key},Value=${value}}`)
  return `--tag-specifications ${types.map((type) => `"ResourceType=${type},Tags=[${words.join(',')}]"`).join(' ')}`
}

const machine = (at: Targets, subnet: string): string =>
  `--subnet-id ${subnet} --security-group-ids ${at.buildGroup} ${tagged(at, 'instance', 'volume')}`

/** What a provisioner of a commit would do if it could. */
export const attempts = (at: Targets): readonly Attempt[] => [
  {
    wall: 'control is what a person released',
    call: `s3api put-object --bucket ${at.shared} --key control/planted.zip --body /etc/hostname`,
    operation: 'PutObject',
  },
  {
    wall: 'no job writes what another one executes',
    call: `s3api put-object --bucket ${at.shared} --key tools/planted.tar.gz --body /etc/hostname`,
    operation: 'PutObject',
  },
  {
    wall: 'no job writes what another one executes',
    call: `s3api put-object --bucket ${at.ownBucket} --key acme-shop-pipeline-w/Control/planted --body /etc/hostname`,
    operation: 'PutObject',
  },
  {
    wall: 'pipelines do not reach each other',
    call: `s3api put-object --bucket ${at.otherBucket} --key packages/planted.json --body /etc/hostname`,
    operation: 'PutObject',
  },
  {
    wall: 'pipelines do not reach each other',
    call: `s3api list-objects-v2 --bucket ${at.otherBucket}`,
    operation: 'ListObjectsV2',
  },
  {
    wall: 'nothing deletes production',
    call: `cloudformation delete-stack --stack-name ${production}`,
    operation: 'DeleteStack',
  },
  {
    wall: 'no build deploys',
    call: `cloudformation update-stack --stack-name ${production} --use-previous-template`,
    operation: 'UpdateStack',
  },
  {
    wall: 'no build deploys',
    call: `cloudformation create-change-set --stack-name ${production} --change-set-name planted --use-previous-template`,
    operation: 'CreateChangeSet',
  },
  {
    wall: 'no build takes another role',
    call: `sts assume-role --role-arn arn:aws:iam::${at.account}:role/acme-shop/acme-shop-production-deploy-us-east-1 --role-session-name planted`,
    operation: 'AssumeRole',
  },
  {
    wall: 'no build makes a role',
    call: `iam create-role --role-name planted --assume-role-policy-document '{}'`,
    operation: 'CreateRole',
  },
  {
    wall: 'Bake makes images of builders alone',
    call: `ec2 create-image --instance-id ${at.productionInstance} --name planted --no-reboot ${tagged(at, 'image', 'snapshot')}`,
    operation: 'CreateImage',
  },
  {
    wall: 'Bake touches builders alone',
    call: `ec2 terminate-instances --instance-ids ${at.productionInstance}`,
    operation: 'TerminateInstances',
  },
  {
    wall: 'nobody says whose an image is but its own pipeline',
    call: `ec2 create-tags --resources ${at.image} --tags "Key=BuiltFor,Value=${at.otherPipeline}"`,
    operation: 'CreateTags',
  },
  {
    wall: 'Bake starts listed types',
    call: `ec2 run-instances --image-id ${at.image} --instance-type m5.24xlarge ${machine(at, at.buildSubnet)}`,
    operation: 'RunInstances',
  },
  {
    wall: 'Bake starts machines in the build subnet',
    call: `ec2 run-instances --image-id ${at.image} --instance-type t3.small ${machine(at, at.productionSubnet)}`,
    operation: 'RunInstances',
  },
  {
    wall: "production's settings are production's",
    call: 'ssm get-parameter --name /acme/shop/production/web-main/secret',
    operation: 'GetParameter',
  },
  {
    wall: 'no build approves',
    call: "codepipeline put-approval-result --pipeline-name acme-shop-pipeline-web-main --stage-name Production --action-name Approve --token 00000000-0000-0000-0000-000000000000 --result 'summary=x,status=Approved'",
    operation: 'PutApprovalResult',
  },
]

/**
 * A script that tries them all and tells each end in the build's log; then keeps adding `exports` to what the job hands on,
 * for as long as the job runs.
 */
export const attackScript = (all: readonly Attempt[], exports: Readonly<Record<string, string>>): string =>
  [
    '#!/bin/bash',
    'export AWS_MAX_ATTEMPTS=1 AWS_PAGER=',
    ...all.map(
      ({ call }, index) =>
        `if aws ${call} > /tmp/attempt 2>&1; then echo "ATTEMPT ${index} DONE"; else echo "ATTEMPT ${index} refused: $(tr '\\n' ' ' < /tmp/attempt | cut -c1-200)"; fi`,
    ),
    `planted=${quoted(Object.entries(exports).map(([name, value]) => `export ${name}='${value}'`))}`,
    '(while sleep 0.05; do',
    '  mkdir -p out && touch out/exports.env',
    '  [[ "$(cat out/exports.env)" == *"$planted" ]] || printf "\\n%s" "$planted" >> out/exports.env',
    'done) > /dev/null 2>&1 &',
    'exit 0',
    '',
  ].join('\n')

const quoted = (lines: readonly string[]): string => `"${lines.join('\n')}"`

const refusals = /AccessDenied|UnauthorizedOperation|Forbidden|not authorized/

/** Which walls gave way, and by what: all that was not both refused to the script and refused in the journal. */
export const gaveWay = (
  all: readonly Attempt[],
  log: string,
  calls: readonly Pick<JournalEntry, 'operation' | 'status'>[],
): readonly string[] =>
  all.flatMap(({ wall, call, operation }, index) => {
    const told = new RegExp(`ATTEMPT ${index} refused: (.*)`).exec(log)?.[1] ?? ''
    const journalled = calls.some((one) => one.operation === operation && one.status >= 400)
    return refusals.test(told) && journalled ? [] : [`${wall}: ${call}`]
  })
