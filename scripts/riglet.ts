/** The one entry of the Makefile's targets, called with a noun and a verb. Each story is loaded when it is named. */
import { main, verb } from './main.ts'
import { stackVerbs } from './stack-verbs.ts'

const riglet = ['OWNER', 'PROJECT', 'REGION'] as const
const source = [...riglet, 'REPO', 'BRANCH'] as const
const inEnvironment = [...riglet, 'ENV'] as const
const ofApp = [...source, 'ENV'] as const
const ofImage = [...riglet, 'IMAGE'] as const
const ofOneImage = [...riglet, 'IMAGE_ID'] as const
const ofChannel = [...ofImage, 'CHANNEL'] as const
const ofFeed = [...source, 'IMAGE'] as const
const job = [...source, 'ENV', 'ARTIFACTS_BUCKET'] as const

const recovery = () => import('./actions/recover/recover.ts')
const answers = () => import('./actions/approval/answer-approval.ts')
const images = () => import('./actions/image/image-verbs.ts')
const parents = () => import('./actions/riglet/parent-stacks.ts')
const replication = () => import('./actions/distribution/replicate.ts')
const publication = () => import('./actions/restoration/publish-verbs.ts')
const promotion = () => import('./actions/distribution/promote.ts')
const publishing = () => import('./actions/publication/jobs.ts')
const cleaning = () => import('./actions/cleaning/clean-images.ts')
const following = () => import('./actions/follow/follow.ts')
const sharing = () => import('./actions/share/share.ts')
const proposal = () => import('./actions/proposal/document.ts')
const revocation = () => import('./actions/revocation/revoke.ts')
const nightlies = () => import('./actions/nightly/nightly.ts')
const trackers = () => import('./actions/tracker/tracker-verbs.ts')
const ofCommit = () => import('./actions/schedule/manifests-of-source.ts')
const freezes = () => import('./actions/pipeline/freeze-pipeline.ts')

await main('riglet', {
  environment: stackVerbs(
    inEnvironment,
    async () => (await import('./actions/environment/environment.ts')).environmentNoun,
    async () => (await recovery()).recoverEnvironment,
  ),
  pipeline: {
    ...stackVerbs(
      source,
      async () => (await import('./actions/pipeline/pipeline.ts')).pipelineNoun,
      async () => (await recovery()).recoverPipeline,
    ),
    watch: verb(source, async (settings, ports) =>
      (await import('./actions/pipeline/watch-pipeline.ts')).watchPipeline(settings, ports),
    ),
    history: verb(source, async (settings, ports) =>
      (await import('./actions/pipeline/show-history.ts')).showHistory(settings, ports),
    ),
    freeze: verb([...source, 'ENV', 'UNTIL', 'REASON'], async (settings, ports) =>
      (await freezes()).freezePipeline(settings, ports),
    ),
    thaw: verb([...source, 'ENV'], async (settings, ports) => (await freezes()).thawPipeline(settings, ports)),
    retry: verb(source, async (settings, ports) =>
      (await import('./actions/pipeline/retry-pipeline.ts')).retryPipeline(settings, ports),
    ),
  },
  publication: stackVerbs(
    source,
    async () => (await import('./actions/publication/publication.ts')).publicationNoun,
    async () => (await recovery()).recoverPublication,
  ),
  schedule: stackVerbs(
    source,
    async () => (await import('./actions/schedule/schedule.ts')).scheduleNoun,
    async () => (await recovery()).recoverSchedule,
  ),
  app: {
    ...stackVerbs(
      ofApp,
      async () => (await import('./actions/app/app.ts')).appNoun,
      async () => (await recovery()).recoverApp,
    ),
    rollback: verb(ofApp, async (settings, ports) =>
      (await import('./actions/rollback/rollback-app.ts')).rollbackApp(settings, ports),
    ),
    await: verb(ofApp, async (settings, ports) =>
      (await import('./actions/app/await-app.ts')).awaitApp(settings, ports),
    ),
  },
  source: {
    push: verb(source, async (settings, ports) =>
      (await import('./actions/pipeline/push-source.ts')).pushSource(settings, ports),
    ),
  },
  approval: {
    show: verb(source, async (settings, ports) => (await answers()).showApproval(settings, ports)),
    approve: verb([...source, 'DIGEST'], async (settings, ports) => (await answers()).approve(settings, ports)),
    reject: verb([...source, 'REASON'], async (settings, ports) => (await answers()).reject(settings, ports)),
    packet: verb([...job, 'EXECUTION_ID'], async (settings, ports) =>
      (await import('./actions/approval/make-packet.ts')).makePacket(settings, ports),
    ),
    guard: verb([...job, 'DIGEST', 'EXECUTION_ID'], async (settings, ports) =>
      (await import('./actions/approval/guard.ts')).guard(settings, ports),
    ),
  },
  image: {
    new: verb(['IMAGE'], async (settings, ports) =>
      (await import('./actions/scaffold/new-image.ts')).newImage(settings, ports),
    ),
    bake: verb(source, async (settings, ports) => (await images()).bakeVerb(settings, ports)),
    verify: verb(source, async (settings, ports) => (await images()).verifyVerb(settings, ports)),
    configure: verb([...source, 'IMAGE_ID'], async (settings, ports) =>
      (await import('./actions/app/configure.ts')).configure(settings, ports),
    ),
    smoke: verb(ofApp, async (settings, ports) =>
      (await import('./actions/app/smoke-verb.ts')).smokeVerb(settings, ports),
    ),
    changelog: verb([...riglet, 'FROM', 'TO'], async (settings, ports) =>
      (await import('./actions/packages/show-changelog.ts')).showChangelog(settings, ports),
    ),
    status: verb(riglet, async (settings, ports) =>
      (await import('./actions/lineage/image-status.ts')).imageStatus(
        settings,
        await (await ofCommit()).withManifests(settings, ports),
      ),
    ),
    sweep: verb(source, async (settings, ports) =>
      (await import('./actions/image/sweep-builders.ts')).sweepAll(settings, ports),
    ),
  },
  distribution: {
    'plan-replicate': verb(ofImage, async (settings, ports) => (await replication()).planReplicate(settings, ports)),
    replicate: verb(ofImage, async (settings, ports) => (await publishing()).replicateVerb(settings, ports)),
    'plan-publish': verb(riglet, async (settings, ports) => (await publication()).planPublishVerb(settings, ports)),
    publish: verb(riglet, async (settings, ports) => (await publishing()).publishJob(settings, ports)),
    'plan-document': verb(riglet, async (settings, ports) => (await proposal()).planDocument(settings, ports)),
    document: verb(riglet, async (settings, ports) => (await publishing()).documentJob(settings, ports)),
    'plan-promote': verb(ofChannel, async (settings, ports) => (await promotion()).planPromote(settings, ports)),
    promote: verb(ofChannel, async (settings, ports) => (await publishing()).promoteJob(settings, ports)),
    'rollback-channel': verb([...ofChannel, 'REASON'], async (settings, ports) =>
      (await import('./actions/distribution/rollback-channel.ts')).rollbackChannel(settings, ports),
    ),
    'plan-clean': verb(riglet, async (settings, ports) =>
      (await cleaning()).planCleanImages(settings, await (await ofCommit()).withManifests(settings, ports)),
    ),
    clean: verb(riglet, async (settings, ports) => (await cleaning()).cleanImages(settings, ports)),
    'plan-share': verb(riglet, async (settings, ports) => (await sharing()).planShares(settings, ports)),
    share: verb(riglet, async (settings, ports) => (await sharing()).share(settings, ports)),
    'plan-unshare': verb([...riglet, 'NAME'], async (settings, ports) =>
      (await import('./actions/share/unshare.ts')).planUnshares(settings, ports),
    ),
    unshare: verb([...riglet, 'NAME'], async (settings, ports) =>
      (await import('./actions/share/unshare.ts')).unshare(settings, ports),
    ),
    accounts: verb(riglet, async (settings, ports) =>
      (await import('./actions/share/show-accounts.ts')).showAccounts(settings, ports),
    ),
    'plan-revoke': verb([...ofOneImage, 'REASON'], async (settings, ports) =>
      (await revocation()).planRevoke(settings, ports),
    ),
    revoke: verb([...ofOneImage, 'REASON'], async (settings, ports) => (await revocation()).revoke(settings, ports)),
    unrevoke: verb(ofOneImage, async (settings, ports) =>
      (await import('./actions/revocation/unrevoke.ts')).unrevoke(settings, ports),
    ),
    show: verb([], async (settings, ports) =>
      (await import('./actions/distribution/show-published.ts')).showPublished(settings, ports),
    ),
    find: verb(['IMAGE', 'REGION'], async (settings, ports) =>
      (await import('./actions/distribution/find-published.ts')).findPublished(settings, ports),
    ),
  },
  group: {
    'plan-follow': verb(riglet, async (settings, ports) => (await following()).planFollow(settings, ports)),
    follow: verb(riglet, async (settings, ports) =>
      (await following()).follow(settings, await (await ofCommit()).withManifests(settings, ports)),
    ),
  },
  nightly: {
    plan: verb(ofFeed, async (settings, ports) => (await nightlies()).planNightlyVerb(settings, ports)),
    run: verb(ofFeed, async (settings, ports) => (await nightlies()).nightly(settings, ports)),
    'build-version': verb([...ofFeed, 'VERSION'], async (settings, ports) =>
      (await import('./actions/nightly/build-version.ts')).buildVersion(settings, ports),
    ),
  },
  tracker: {
    show: verb(ofFeed, async (settings, ports) => (await trackers()).showTracker(settings, ports)),
    seed: verb(ofFeed, async (settings, ports) => (await trackers()).seedTracker(settings, ports)),
    add: verb([...ofFeed, 'VERSION'], async (settings, ports) => (await trackers()).addToTracker(settings, ports)),
    remove: verb([...ofFeed, 'VERSION'], async (settings, ports) =>
      (await trackers()).removeFromTracker(settings, ports),
    ),
    diff: verb(ofFeed, async (settings, ports) => (await trackers()).diffTracker(settings, ports)),
  },
  riglet: {
    status: verb(riglet, async (settings, ports) =>
      (await import('./actions/riglet/show-status.ts')).showStatus(settings, ports),
    ),
    drift: verb(riglet, async (settings, ports) =>
      (await import('./actions/drift/show-drift.ts')).showDrift(
        settings,
        await (await ofCommit()).withManifests(settings, ports),
      ),
    ),
    stacks: verb(riglet, async (settings, ports) => (await parents()).listStacks(settings, ports)),
    protect: verb(riglet, async (settings, ports) => (await parents()).protectRiglet(settings, ports)),
    unprotect: verb(riglet, async (settings, ports) => (await parents()).unprotectRiglet(settings, ports)),
    check: verb(riglet, async (settings, ports) =>
      (await import('./actions/riglet/check-settings.ts')).checkSettings(settings, ports),
    ),
  },
})
