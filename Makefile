# Each target is a command in scripts/commands. `make help` lists those for users, `make help-all` all of them.

NODE := node_modules/.bin/node
COMMANDS := dev deploy plan release rollback destroy url session revoke rotate-key logs dashboard loadtest \
  bootstrap build validate routes diff import cost fault state unlock restore-sessions \
  gameday drill test check torture bench package lint-workflows audit

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help help-all workflows dependencies $(COMMANDS)

## dev [PORT=8787]                      serve the contract on this machine, without Terraform; reload it when it changes
dev: scripts/commands/dev.ts
## deploy ENV=local|dev|prod             build, apply, one real request; local: also starts the local cloud
deploy: scripts/commands/deploy.ts
## plan ENV=…                            show what would change; exit code 0 when nothing would
plan: scripts/commands/plan.ts
## release ENV=… [PAUSE=5m]              publish a version, check it, move traffic to it in steps
release: scripts/commands/release.ts
## rollback ENV=…                        send all traffic to the version that served before
rollback: scripts/commands/rollback.ts
## destroy ENV=…                         remove everything that was deployed
destroy: scripts/commands/destroy.ts
## url ENV=…                             print the base URL
url: scripts/commands/url.ts
## session ENV=… USER=alice ROLES=user   create a session and print its token (TTL=8h)
session: scripts/commands/session.ts
## revoke ENV=… TOKEN=eyJ… | USER=alice  end one session, or all sessions of a user
revoke: scripts/commands/revoke.ts
## rotate-key ENV=… [NOW=1]              new signing key; tokens stay valid, with NOW=1 every session ends
rotate-key: scripts/commands/rotate-key.ts
## logs ENV=… [FOLLOW=0 STATUS=5xx …]    follow the function's log; filters: REQUEST_ID, ROUTE, STATUS, USER_ID
logs: scripts/commands/logs.ts
## dashboard ENV=… [SPAN=1h]             write the dashboard as a page under reports/
dashboard: scripts/commands/dashboard.ts
## loadtest ENV=… [SCENARIO=load]        run a k6 scenario against the gateway
loadtest: scripts/commands/loadtest.ts

### bootstrap ENV=…                       create the state bucket, and the GitHub roles of github.auto.tfvars
bootstrap: scripts/commands/bootstrap.ts
### build [ENV=…]                         compile the contract, bundle and zip; ENV: with the parts that its tfvars need
build: scripts/commands/build.ts
### validate [CONTRACT=<file>] [STRICT=1] check a contract without building; STRICT: warnings are errors; JSON=1: for programs
validate: scripts/commands/validate.ts
### routes [CONTRACT=<file>] [JSON=1]     print the routes: who may call, limits, target, where each is defined
routes: scripts/commands/routes.ts
### diff ENV=… | AGAINST=<file>           compare the contract with the deployed one; exit code 2: breaking changes
diff: scripts/commands/diff.ts
### import FILE=… [OUT=gateway.yaml]      write a first contract from OpenAPI, API Gateway, Kong or KrakenD
import: scripts/commands/import.ts
### cost ENV=… [REQUESTS=1000000 …]       estimate a month; also SIGNED_IN BODY_KB UPSTREAM_MS PER_SECOND ROUTES COLD_STARTS ITEMS
cost: scripts/commands/cost.ts
### fault ENV=… KIND=latency|error|…      inject faults: also upstream-cut, store-throttled; ROUTE= PERCENT= FOR=2m; OFF=1 ends them
fault: scripts/commands/fault.ts
### state ENV=… [RESTORE=<version>]       list the kept versions of the Terraform state; make an older one current
state: scripts/commands/state.ts
### unlock ENV=… [LOCK=<id>]              show who holds the state lock; remove it if its holder is dead
unlock: scripts/commands/unlock.ts
### restore-sessions ENV=… AT=<time>      restore the sessions as of a time into a new table
restore-sessions: scripts/commands/restore-sessions.ts
### gameday ENV=… [KIND=… FOR=15s]        inject one fault after another under load, and judge what users saw
gameday: scripts/commands/gameday.ts
### drill ENV=local [ONLY=<runbook>]      rehearse the runbooks on a stack of their own, and time them
drill: scripts/commands/drill.ts
### test                                  run every check
test: scripts/commands/test.ts
### check                                 run the fast checks, two to three minutes
check: scripts/commands/check.ts
### torture [PART=… SEED=… SCALE=0.01]    run the long, randomized forms of the tests
torture: scripts/commands/torture.ts
### bench [QUICK=1]                       measure performance, side by side with peers
bench: scripts/commands/bench.ts
### package                               pack the npm package, its SBOM and its checksums
package: scripts/commands/package.ts
### lint-workflows                        lint the workflows of GitHub Actions
lint-workflows: scripts/commands/lint-workflows.ts
### audit                                 list known vulnerabilities in the locked packages
audit: scripts/commands/audit.ts

# Only what is typed for this command is an argument; exported variables are not. The values come from the environment,
# where make puts what is typed, so that no character in them is the shell's.
TYPED = $(filter-out NODE,$(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name))))

$(COMMANDS): node_modules/.package-lock.json
	@$(NODE) --disable-warning=ExperimentalWarning $(firstword $(filter scripts/%,$^)) $(foreach name,$(TYPED),$(name)="$$$(name)")

node_modules/.package-lock.json: package-lock.json
	@command -v node >/dev/null || { echo 'Error: Node was not found; version 20 or newer is needed: https://nodejs.org' >&2; exit 1; }
	@node scripts/stack/command-line/install-node-modules.mjs

help:
	@sed -n 's/^## /  make /p' Makefile
	@echo '  make help-all                              operations in an emergency, fault injection, tests, measurements'
	@echo '  LOCAL_PORT=4666 with any of them: a local stack of its own, beside the one on 4566'
	@echo '  CONFIRM=<environment>: do not wait for a confirmation'

help-all:
	@sed -nE 's/^##+ /  make /p' Makefile

workflows:
	@echo 'Error: make workflows is now make lint-workflows' >&2; exit 1

dependencies:
	@echo 'Error: make dependencies is now make audit' >&2; exit 1
