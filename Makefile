# The face of a riglet. Settings come from the environment, or else from .make (see .make.example).
SHELL := /bin/bash
.SHELLFLAGS := --norc -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# What a caller may pass, as in `make update-app ENV=staging`. Values reach the scripts through the environment as
# they were typed: neither make nor the shell ever expands or runs what stands in them.
INPUTS := OWNER PROJECT REGION PROFILE REPO BRANCH ENV IMAGE APP DIGEST REASON UNTIL JOURNEY MATCH YES JSON RIGLET REHEARSAL PORT SPEED \
	EMAIL_ADDRESS CERTIFICATE_ARN HTTP_REDIRECT HOST_NAME NAME MESSAGE COMMIT COMMIT_TAG EXECUTION_ID IMAGE_ID URL TESTS INSTANCE_TYPE \
	FROM TO SOURCE SOURCE_BUCKET SOURCE_VERSION PLANNING TAKEN_BACK VPC_QUOTA ARTIFACTS_BUCKET KEY_ARN BUILD_SUBNET BUILD_SECURITY_GROUP \
	BUILD CHANGE_SET MIN_SIZE MAX_SIZE TARGET_CPU ROLL_OUT_ALARMS SKIP APP_PORT HEALTH_CHECK_PATH INTERNAL_DOMAIN FLOW_LOGS \
	ARTIFACT_DAYS BUILD_IMAGE LOG_DAYS BUILDER_TYPES UP_TO ROLL_BACK_ON_SMOKE SEPARATE_APPROVER REQUIRE_WAY_BACK ARCH MANIFEST CHANNEL MILESTONE \
	KEEP_DAYS DISABLED_DAYS NAME_PATTERN FEED_HOSTS FEED_URL PRODUCT MAJOR VERSION BASE TRACKER \
	PROMOTE_ON_PUBLISH FLAVOUR DRIFT_SCHEDULE CLEAN_SCHEDULE IMAGE_STATUS_SCHEDULE FOLLOW_SCHEDULE TIME_ZONE TAGS_URL METRIC_NAMESPACE
# What was typed with nothing behind its `=` goes back to its default; a variable that is merely exported empty says nothing.
override TYPED_EMPTY := $(strip $(foreach name,$(INPUTS),$(if $(filter command,$(origin $(name))),$(if $(value $(name)),,$(name)))))
export TYPED_EMPTY
define literally
override $(1) := $$(value $(1))
export $(1)
endef
$(foreach name,$(INPUTS),$(if $(filter undefined,$(origin $(name))),,$(eval $(call literally,$(name)))))

export PATH := $(CURDIR)/.tools/bin:$(CURDIR)/node_modules/.bin:$(CURDIR)/rehearsal/.venv/bin:$(PATH)
export NODE_COMPILE_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/riglet/node
# make's own functions split a path at its spaces: only names below the checkout are looked up.
export PACKER_PLUGIN_PATH ?= $(if $(wildcard .tools/plugins),$(CURDIR)/.tools/plugins)
export CHECKPOINT_DISABLE := 1
# Python keeps what it compiled beside its packages: it would compile them again at each start.
unexport PYTHONDONTWRITEBYTECODE

# Node lets what is new and short-lived grow to three times 16 MiB and the rest with it; less of it costs no time, and a fourth of the
# memory where thousands of images are read.
RUN := node --disable-warning=ExperimentalWarning --max-semi-space-size=8


##@ Start here

.PHONY: help
help: ## List the targets
	@awk -f setup/help.awk $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: ## Install Node and its packages; the other targets bring by themselves what they need
	@bash setup/run

.PHONY: setup-all
setup-all: ## Install all that the demo, tests and work on riglet need; takes minutes, and root for what boots
	@$(MAKE) -j 2 setup-development own-setup-rehearsal && $(MAKE) setup-feed-tools

.PHONY: check-env
check-env: setup ## Name every setting that is missing, and where it belongs
	@$(RUN) scripts/riglet.ts riglet check

.PHONY: create-riglet
create-riglet: setup-build-tools ## Ask, show and create everything. Without questions: YES=1
	@$(RUN) create-riglet.ts

.PHONY: delete-riglet
delete-riglet: setup ## Delete everything of this riglet; its name must be typed. Without questions: RIGLET=owner-project
	@$(RUN) delete-riglet.ts

.PHONY: list-riglet-stacks
list-riglet-stacks: setup ## Every stack of this riglet, what it is and whether it is protected. As data: JSON=1
	@$(RUN) scripts/riglet.ts riglet stacks

.PHONY: protect-riglet
protect-riglet: setup ## Keep all that apps stand on from being deleted; apps have protect-app
	@$(RUN) scripts/riglet.ts riglet protect

.PHONY: unprotect-riglet
unprotect-riglet: setup ## Lift that from all of them; the riglet's name must be typed, or RIGLET=
	@$(RUN) scripts/riglet.ts riglet unprotect

.PHONY: demo
demo: setup-all ## See it all here, without AWS: create, push twice, approve, and no request gets lost. Images for others: FLAVOUR=factory
	@$(RUN) demo/demo.ts up

.PHONY: demo-down
demo-down: setup ## Remove what the demo left running
	@$(RUN) demo/demo.ts down

##@ Every day

.PHONY: push
push: setup ## Send the committed source to the pipeline. Example: make push REPO=shop BRANCH=main
	@$(RUN) scripts/riglet.ts source push

.PHONY: status
status: setup ## Environments, images, pipelines and approvals at a glance. As data: JSON=1
	@$(RUN) scripts/riglet.ts riglet status

.PHONY: drift
drift: setup ## What was changed by hand, in stacks and images. Example: make drift ENV=staging
	@$(RUN) scripts/riglet.ts riglet drift

.PHONY: watch-pipeline
watch-pipeline: setup ## Monitor the pipeline's stages live
	@$(RUN) scripts/riglet.ts pipeline watch

.PHONY: retry-pipeline
retry-pipeline: setup ## Try the stage that failed again; production is planned, shown and asked anew
	@$(RUN) scripts/riglet.ts pipeline retry

.PHONY: show-approval
show-approval: setup ## What waits for approval, and the digest to approve it by
	@$(RUN) scripts/riglet.ts approval show

.PHONY: approve
approve: need-DIGEST-REPO-BRANCH setup ## Approve exactly what show-approval showed. Example: make approve DIGEST=9f86d081884c7d65
	@$(RUN) scripts/riglet.ts approval approve

.PHONY: reject
reject: need-REASON-REPO-BRANCH setup ## Reject what waits for approval. Example: make reject REASON="too late on a Friday"
	@$(RUN) scripts/riglet.ts approval reject

.PHONY: history
history: setup ## What was pushed, who approved it and how it ended. As data: JSON=1
	@$(RUN) scripts/riglet.ts pipeline history

.PHONY: freeze
freeze: need-ENV-UNTIL-REASON-REPO-BRANCH setup ## Let nothing reach ENV before UNTIL (2026-12-24T18:00Z), for a REASON
	@$(RUN) scripts/riglet.ts pipeline freeze

.PHONY: thaw
thaw: need-ENV-REPO-BRANCH setup ## End a freeze before its time. Example: make thaw ENV=production
	@$(RUN) scripts/riglet.ts pipeline thaw

.PHONY: new-image
new-image: setup ## Make packer/IMAGE of packer/web, or of FROM=. Example: make new-image IMAGE=runner
	@$(RUN) scripts/riglet.ts image new

##@ Environments: ENV=integration, staging or production

.PHONY: create-environment
create-environment: need-ENV setup ## Plan, show and create ENV. Example: make create-environment ENV=integration
	@$(RUN) scripts/riglet.ts environment create

.PHONY: update-environment
update-environment: need-ENV setup ## Plan, show and apply changes to ENV
	@$(RUN) scripts/riglet.ts environment update

.PHONY: plan-environment
plan-environment: need-ENV setup ## Show what an update of ENV would change
	@$(RUN) scripts/riglet.ts environment plan

.PHONY: status-environment
status-environment: need-ENV setup ## State of ENV's stacks
	@$(RUN) scripts/riglet.ts environment status

.PHONY: outputs-environment
outputs-environment: need-ENV setup ## Outputs of ENV's stacks
	@$(RUN) scripts/riglet.ts environment outputs

.PHONY: protect-environment
protect-environment: need-ENV setup ## Keep ENV from being deleted, and what holds state from being replaced
	@$(RUN) scripts/riglet.ts environment protect

.PHONY: unprotect-environment
unprotect-environment: need-ENV setup ## Lift that; its name must be typed, or NAME=
	@$(RUN) scripts/riglet.ts environment unprotect

.PHONY: recover-environment
recover-environment: need-ENV setup ## Help a stack of ENV whose update or deletion failed. Left alone: SKIP=Name,Name
	@$(RUN) scripts/riglet.ts environment recover

.PHONY: delete-environment
delete-environment: need-ENV setup ## Show and delete ENV's stacks. Production: by name, or NAME=
	@$(RUN) scripts/riglet.ts environment delete

##@ Pipelines: each bakes and ships one branch of one repository

.PHONY: create-pipeline
create-pipeline: need-REPO-BRANCH setup-build-tools ## Plan, show and create a pipeline. Example: make create-pipeline REPO=shop BRANCH=main
	@$(RUN) scripts/riglet.ts pipeline create

.PHONY: update-pipeline
update-pipeline: need-REPO-BRANCH setup-build-tools ## Plan, show and apply changes to a pipeline
	@$(RUN) scripts/riglet.ts pipeline update

.PHONY: plan-pipeline
plan-pipeline: need-REPO-BRANCH setup ## Show what an update of a pipeline would change
	@$(RUN) scripts/riglet.ts pipeline plan

.PHONY: status-pipeline
status-pipeline: need-REPO-BRANCH setup ## State of a pipeline's stack
	@$(RUN) scripts/riglet.ts pipeline status

.PHONY: outputs-pipeline
outputs-pipeline: need-REPO-BRANCH setup ## Outputs of a pipeline's stack
	@$(RUN) scripts/riglet.ts pipeline outputs

.PHONY: recover-pipeline
recover-pipeline: need-REPO-BRANCH setup ## Help a pipeline's stack whose update or deletion failed. Left alone: SKIP=Name,Name
	@$(RUN) scripts/riglet.ts pipeline recover

.PHONY: protect-pipeline
protect-pipeline: need-REPO-BRANCH setup ## Keep a pipeline from being deleted
	@$(RUN) scripts/riglet.ts pipeline protect

.PHONY: unprotect-pipeline
unprotect-pipeline: need-REPO-BRANCH setup ## Lift that; its name must be typed, or NAME=
	@$(RUN) scripts/riglet.ts pipeline unprotect

.PHONY: delete-pipeline
delete-pipeline: need-REPO-BRANCH setup ## Show and delete a pipeline whose apps are gone
	@$(RUN) scripts/riglet.ts pipeline delete

##@ Jobs by schedule: drift, images to clean up, image age and groups that follow

.PHONY: create-schedule
create-schedule: need-REPO-BRANCH setup-build-tools ## Let jobs run at their times. Example: make create-schedule REPO=shop BRANCH=main
	@$(RUN) scripts/riglet.ts schedule create

.PHONY: update-schedule
update-schedule: need-REPO-BRANCH setup-build-tools ## Plan, show and apply changes to a schedule: times, control, what the manifests name
	@$(RUN) scripts/riglet.ts schedule update

.PHONY: plan-schedule
plan-schedule: need-REPO-BRANCH setup ## Show what an update of a schedule would change
	@$(RUN) scripts/riglet.ts schedule plan

.PHONY: status-schedule
status-schedule: need-REPO-BRANCH setup ## State of a schedule's stack
	@$(RUN) scripts/riglet.ts schedule status

.PHONY: outputs-schedule
outputs-schedule: need-REPO-BRANCH setup ## Outputs of a schedule's stack
	@$(RUN) scripts/riglet.ts schedule outputs

.PHONY: recover-schedule
recover-schedule: need-REPO-BRANCH setup ## Help a schedule's stack whose update or deletion failed. Left alone: SKIP=Name,Name
	@$(RUN) scripts/riglet.ts schedule recover

.PHONY: protect-schedule
protect-schedule: need-REPO-BRANCH setup ## Keep a schedule from being deleted
	@$(RUN) scripts/riglet.ts schedule protect

.PHONY: unprotect-schedule
unprotect-schedule: need-REPO-BRANCH setup ## Lift that; its name must be typed, or NAME=
	@$(RUN) scripts/riglet.ts schedule unprotect

.PHONY: delete-schedule
delete-schedule: need-REPO-BRANCH setup ## Show and delete a schedule and its jobs
	@$(RUN) scripts/riglet.ts schedule delete

##@ Apps: what runs in an environment, from one image

.PHONY: create-app
create-app: need-ENV-REPO-BRANCH-IMAGE setup ## Deploy an image by hand. Example: make create-app ENV=staging IMAGE=ami-0a1b2c3d
	@$(RUN) scripts/riglet.ts app create

.PHONY: update-app
update-app: need-ENV-REPO-BRANCH setup ## Plan, show and apply changes to an app. Another image: IMAGE=ami-...
	@$(RUN) scripts/riglet.ts app update

.PHONY: plan-app
plan-app: need-ENV-REPO-BRANCH setup ## Show what an update of an app would change
	@$(RUN) scripts/riglet.ts app plan

.PHONY: status-app
status-app: need-ENV-REPO-BRANCH setup ## State of an app's stack
	@$(RUN) scripts/riglet.ts app status

.PHONY: outputs-app
outputs-app: need-ENV-REPO-BRANCH setup ## Outputs of an app's stack, its URL among them
	@$(RUN) scripts/riglet.ts app outputs

.PHONY: rollback-app
rollback-app: need-ENV-REPO-BRANCH setup ## Go back to the last good image, or to IMAGE_ID of those that ran. Production: REASON="..."
	@$(RUN) scripts/riglet.ts app rollback

.PHONY: recover-app
recover-app: need-ENV-REPO-BRANCH setup ## Help an app's stack whose update failed, or clear away a failed first deployment. Left alone: SKIP=Group
	@$(RUN) scripts/riglet.ts app recover

.PHONY: protect-app
protect-app: need-ENV-REPO-BRANCH setup ## Keep an app from being deleted, and its group from being replaced
	@$(RUN) scripts/riglet.ts app protect

.PHONY: unprotect-app
unprotect-app: need-ENV-REPO-BRANCH setup ## Lift that; its name must be typed, or NAME=
	@$(RUN) scripts/riglet.ts app unprotect

.PHONY: delete-app
delete-app: need-ENV-REPO-BRANCH setup ## Show and delete an app's stack. In production: by name, or NAME=
	@$(RUN) scripts/riglet.ts app delete

##@ Images for others: manifests/images.yaml says what is published, and where

.PHONY: plan-replicate
plan-replicate: need-IMAGE setup ## Show which copies of IMAGE are missing where. A candidate of one's choice: IMAGE_ID=
	@$(RUN) scripts/riglet.ts distribution plan-replicate

.PHONY: replicate
replicate: need-IMAGE setup ## Copy IMAGE to all its regions; again: only what is missing. Example: make replicate IMAGE=web
	@$(RUN) scripts/riglet.ts distribution replicate

.PHONY: plan-publish
plan-publish: $(if $(value MANIFEST),,need-IMAGE) setup ## Show whom IMAGE would be shared with, and what the manifest would say
	@$(RUN) scripts/riglet.ts distribution plan-publish

.PHONY: publish
publish: $(if $(value MANIFEST),,need-IMAGE) setup ## Share what was replicated, and write manifests/images.json. What that said once: MANIFEST=path
	@$(RUN) scripts/riglet.ts distribution publish

.PHONY: accounts
accounts: setup ## What each account of images.yaml has to deploy, and whether its role answers. As data: JSON=1
	@$(RUN) scripts/riglet.ts distribution accounts

.PHONY: plan-share
plan-share: setup ## Show which images would be shared with whom. One commit's: COMMIT= One share alone: NAME=
	@$(RUN) scripts/riglet.ts distribution plan-share

.PHONY: share
share: setup ## Share images with other accounts, and tag them there. Example: make share COMMIT=9f3c2e1 NAME=web
	@$(RUN) scripts/riglet.ts distribution share

.PHONY: plan-unshare
plan-unshare: need-NAME setup ## Show which images an account would get no more, and which stay, and why. Example: make plan-unshare NAME=customer
	@$(RUN) scripts/riglet.ts distribution plan-unshare

.PHONY: unshare
unshare: need-NAME setup ## Take back from an account what images.yaml does not give it any more. Example: make unshare NAME=customer
	@$(RUN) scripts/riglet.ts distribution unshare

.PHONY: plan-document
plan-document: setup ## Show what would be proposed to the repository of those who use the images. As data: JSON=1
	@$(RUN) scripts/riglet.ts distribution plan-document

.PHONY: document
document: setup ## Propose what is published to that repository: a branch and a request, the same ones each time
	@$(RUN) scripts/riglet.ts distribution document

.PHONY: show-published
show-published: setup ## What is published, from the manifest alone. As data: JSON=1
	@$(RUN) scripts/riglet.ts distribution show

.PHONY: plan-promote
plan-promote: need-IMAGE-CHANNEL setup ## Show where CHANNEL would name another AMI of IMAGE
	@$(RUN) scripts/riglet.ts distribution plan-promote

.PHONY: promote
promote: need-IMAGE-CHANNEL setup ## Let CHANNEL name what the release's manifest says. Example: make promote IMAGE=web CHANNEL=stable
	@$(RUN) scripts/riglet.ts distribution promote

.PHONY: rollback-channel
rollback-channel: need-IMAGE-CHANNEL-REASON setup ## Let CHANNEL name the release before again, for a REASON
	@$(RUN) scripts/riglet.ts distribution rollback-channel

.PHONY: plan-revoke
plan-revoke: need-IMAGE_ID-REASON setup ## Show what would become of an image, its copies and all that was made of it
	@$(RUN) scripts/riglet.ts distribution plan-revoke

.PHONY: revoke
revoke: need-IMAGE_ID-REASON setup ## Let nobody roll them out any more, and bake anew. Example: make revoke IMAGE_ID=ami-0a1b2c3d REASON="leak"
	@$(RUN) scripts/riglet.ts distribution revoke

.PHONY: unrevoke
unrevoke: need-IMAGE_ID setup ## Take that back: share them again, and let them be rolled out
	@$(RUN) scripts/riglet.ts distribution unrevoke

.PHONY: find-image
find-image: setup ## The published AMI of an image, or CHANNEL's. Example: make find-image IMAGE=web ARCH=arm64
	@$(RUN) scripts/riglet.ts distribution find

.PHONY: image-status
image-status: setup ## Images from commit to what runs them, and how old that is. One of them: IMAGE=web, IMAGE=ami-...
	@$(RUN) scripts/riglet.ts image status

.PHONY: changelog
changelog: need-FROM-TO setup ## Packages that differ between two images, as Markdown or JSON=1. Example: make changelog FROM=1.4.2 TO=1.4.3
	@$(RUN) scripts/riglet.ts image changelog

.PHONY: plan-clean-images
plan-clean-images: setup ## Show why each image stays or goes. Some of them: IMAGE=web, NAME_PATTERN='^acme-shop/web/'
	@$(RUN) scripts/riglet.ts distribution plan-clean

.PHONY: clean-images
clean-images: setup ## Disable what nothing refers to; deregister what was disabled DISABLED_DAYS ago. Younger than KEEP_DAYS stays
	@$(RUN) scripts/riglet.ts distribution clean

##@ Publications: each brings a pipeline's image to others, as people approve

.PHONY: create-publication
create-publication: need-REPO-BRANCH-IMAGE setup-build-tools ## Plan, show and create the pipeline that publishes IMAGE. One approval for all: PROMOTE_ON_PUBLISH=yes
	@$(RUN) scripts/riglet.ts publication create

.PHONY: update-publication
update-publication: need-REPO-BRANCH-IMAGE setup-build-tools ## Plan, show and apply changes to it; release another manifests/images.yaml to it
	@$(RUN) scripts/riglet.ts publication update

.PHONY: plan-publication
plan-publication: need-REPO-BRANCH-IMAGE setup ## Show what an update of it would change
	@$(RUN) scripts/riglet.ts publication plan

.PHONY: status-publication
status-publication: need-REPO-BRANCH setup ## State of its stack
	@$(RUN) scripts/riglet.ts publication status

.PHONY: outputs-publication
outputs-publication: need-REPO-BRANCH setup ## Outputs of its stack, the roles of its jobs among them
	@$(RUN) scripts/riglet.ts publication outputs

.PHONY: recover-publication
recover-publication: need-REPO-BRANCH setup ## Help its stack whose update or deletion failed. Left alone: SKIP=Name,Name
	@$(RUN) scripts/riglet.ts publication recover

.PHONY: protect-publication
protect-publication: need-REPO-BRANCH setup ## Keep it from being deleted
	@$(RUN) scripts/riglet.ts publication protect

.PHONY: unprotect-publication
unprotect-publication: need-REPO-BRANCH setup ## Lift that; its name must be typed, or NAME=
	@$(RUN) scripts/riglet.ts publication unprotect

.PHONY: delete-publication
delete-publication: need-REPO-BRANCH setup ## Show and delete it; what it published stays
	@$(RUN) scripts/riglet.ts publication delete

##@ Groups that follow a repository: manifests/groups.yaml says which

.PHONY: plan-follow
plan-follow: setup ## Show which groups would move to another image, and why others stay. Of one environment: ENV=
	@$(RUN) scripts/riglet.ts group plan-follow

.PHONY: follow
follow: setup ## Move groups to the images of what their refs name. Example: make follow ENV=staging
	@$(RUN) scripts/riglet.ts group follow

##@ Images of what others release: feed in manifests/images.yaml says what

.PHONY: plan-nightly
plan-nightly: need-REPO-BRANCH-IMAGE setup ## Show versions of IMAGE's feed, what was built and what would be. As data: JSON=1
	@$(RUN) scripts/riglet.ts nightly plan

.PHONY: nightly
nightly: need-REPO-BRANCH-IMAGE setup-image ## Build what is new there, on each base for each architecture
	@$(RUN) scripts/riglet.ts nightly run

.PHONY: build-version
build-version: need-REPO-BRANCH-IMAGE-VERSION setup-image ## Build VERSION, whatever the tracker says. On one base alone: BASE=debian-12
	@$(RUN) scripts/riglet.ts nightly build-version

.PHONY: tracker-show
tracker-show: need-REPO-BRANCH-IMAGE setup ## Versions that were built of IMAGE's feed for BRANCH. As data: JSON=1
	@$(RUN) scripts/riglet.ts tracker show

.PHONY: tracker-seed
tracker-seed: need-REPO-BRANCH-IMAGE setup ## Begin with what the feed offers now: only what is new will be built
	@$(RUN) scripts/riglet.ts tracker seed

.PHONY: tracker-add
tracker-add: need-REPO-BRANCH-IMAGE-VERSION setup ## Let VERSION count as built. Several: VERSION=1.4.2-1,1.4.3-1
	@$(RUN) scripts/riglet.ts tracker add

.PHONY: tracker-remove
tracker-remove: need-REPO-BRANCH-IMAGE-VERSION setup ## Let VERSION be built again
	@$(RUN) scripts/riglet.ts tracker remove

.PHONY: tracker-diff
tracker-diff: need-REPO-BRANCH-IMAGE setup ## What the feed has and the tracker has not, and the reverse. As data: JSON=1
	@$(RUN) scripts/riglet.ts tracker diff

##@ Jobs that the pipeline runs; some help by hand, too

.PHONY: bake
bake: setup-image ## Make a machine image (AMI) of packer/IMAGE, or find the one made of the same files. Example: make bake IMAGE=web ARCH=x86_64,arm64
	@$(RUN) scripts/riglet.ts image bake

.PHONY: verify
verify: setup-image ## Boot a machine from a baked image and run its checks. Example: make verify IMAGE_ID=ami-0123456789abcdef0
	@$(RUN) scripts/riglet.ts image verify

.PHONY: configure
configure: need-REPO-BRANCH-IMAGE_ID setup ## Write down how each environment is to run a candidate of the pipeline
	@$(RUN) scripts/riglet.ts image configure

.PHONY: sweep
sweep: setup ## Remove what a stopped bake or verify left behind
	@$(RUN) scripts/riglet.ts image sweep

.PHONY: smoke
smoke: need-ENV-REPO-BRANCH setup ## Ask the app in ENV until it answers from the image it should
	@$(RUN) scripts/riglet.ts image smoke

.PHONY: await-app
await-app: need-ENV-REPO-BRANCH setup ## Wait until nothing changes the app in ENV any more
	@$(RUN) scripts/riglet.ts app await

.PHONY: packet
packet: setup ## Write down for approval what production would change
	@$(RUN) scripts/riglet.ts approval packet

.PHONY: guard
guard: setup ## Refuse if anything changed since DIGEST was approved
	@$(RUN) scripts/riglet.ts approval guard

##@ The rehearsal: a stand-in for AWS on this machine

.PHONY: aws-up
aws-up: ## Start it and print the variables to export. A second one: REHEARSAL=name PORT=number
	@$(MAKE) -C rehearsal up

.PHONY: aws-down
aws-down: ## End it; its instances, mounts and networks go with it
	@$(MAKE) -C rehearsal down

.PHONY: aws-status
aws-status: ## Is it up, and what runs in it
	@$(MAKE) -C rehearsal status

##@ Work on riglet itself

.PHONY: check
check: setup-all setup-checkov ## Format, lint, types, cfn-lint, Checkov, packer validate, ruff
	@$(RUN) test/check.ts

.PHONY: format
format: setup-all ## Format what `make check` would complain about
	@prettier --log-level warn --write . && ruff check -q --fix rehearsal test

.PHONY: test
test: setup-all ## All tests: unit, parts, contract, journeys. One journey: JOURNEY=demo
	@$(RUN) test/run.ts $(if $(value JOURNEY),journeys,all)

.PHONY: test-unit
test-unit: setup-all ## Unit tests only, TypeScript and Python. Some of them: MATCH=words
	@$(RUN) test/run.ts unit

.PHONY: test-parts
test-parts: setup-all ## Tests of single parts that start processes, servers or machines
	@$(RUN) test/run.ts parts

.PHONY: test-contract
test-contract: setup-all ## The rehearsal against AWS's documented behaviour
	@$(RUN) test/run.ts contract

.PHONY: test-journeys
test-journeys: setup-all ## The riglet's real code against the rehearsal, end to end
	@$(RUN) test/run.ts journeys

.PHONY: test-again
test-again: setup-all ## The files that failed in the last test run; what passes now is named as unstable
	@$(RUN) test/run.ts again

.PHONY: lock-python
lock-python: ## Pin the Python packages of the rehearsal, of a client that tests it, and of Checkov
	@$(MAKE) -C rehearsal lock FOLDERS=". contract/clients/sceptre ../test/checkov"

.PHONY: requirements
requirements: setup ## Which capabilities are proved by tests, and which are not
	@$(RUN) test/requirements.ts

.PHONY: bench
bench: setup-all ## Measure and write bench/results.md
	@$(RUN) bench/run.ts

need-%:
	@awk -f setup/need.awk -v target='$(firstword $(MAKECMDGOALS))' -v names='$(subst -, ,$*)' $(wildcard .make) /dev/null

# Parts of set-up: of this project, and of a project in a folder of its own.
setup-%:
	@bash setup/run $*
own-setup-%:
	@$(MAKE) -C $* setup
