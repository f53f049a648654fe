# Each target is a command in scripts/; `make help` lists them.

NODE := node_modules/.bin/node
COMMANDS := workflows dependencies bootstrap deploy release rollback build url session revoke rotate-key plan loadtest logs dashboard destroy state unlock restore-sessions drill fault gameday test check bench torture cost

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help $(COMMANDS)

## deploy ENV=local|dev|prod             build, apply, one real request; local: start the local cloud too
deploy: scripts/commands/deploy.ts
## bootstrap ENV=…                       make the state's bucket, and GitHub's roles that github.auto.tfvars asks for
bootstrap: scripts/commands/bootstrap.ts
## release ENV=… [PAUSE=5m]              publish a version, check it, move the traffic to it in steps
release: scripts/commands/release.ts
## rollback ENV=…                        back to the version that served before
rollback: scripts/commands/rollback.ts
## build                                 compile the contract, bundle and zip
build: scripts/commands/build.ts
## url ENV=…                             print the base URL
url: scripts/commands/url.ts
## session ENV=… USER=alice ROLES=user   create a session and print its token (TTL_HOURS=8)
session: scripts/commands/session.ts
## revoke ENV=… TOKEN=eyJ… | USER=alice  end a session at once, or all of a user
revoke: scripts/commands/revoke.ts
## rotate-key ENV=… [NOW=1]              a new signing key, and no token refused; NOW=1: every session ends
rotate-key: scripts/commands/rotate-key.ts
## plan ENV=…                            show what would change; exit code 0 where nothing would
plan: scripts/commands/plan.ts
## loadtest ENV=… [SCENARIO=load]        put load on the gateway with k6
loadtest: scripts/commands/loadtest.ts
## logs ENV=… [FOLLOW=0 STATUS=5xx …]    follow the log of the function; REQUEST_ID, ROUTE, STATUS, USER_ID filter it
logs: scripts/commands/logs.ts
## state ENV=… [RESTORE=<version>]       list what is kept of the Terraform state; make an older version the current one
state: scripts/commands/state.ts
## unlock ENV=… [LOCK=<id>]              say who holds the state's lock; remove one whose holder is dead
unlock: scripts/commands/unlock.ts
## restore-sessions ENV=… AT=<time>      restore the sessions, as they were then, into a new table
restore-sessions: scripts/commands/restore-sessions.ts
## drill ENV=local [ONLY=<runbook>]      rehearse the runbooks on a stack of their own, and time them
drill: scripts/commands/drill.ts
## fault ENV=… KIND=latency|error|…      inject faults: upstream-cut and store-throttled, too; ROUTE= PERCENT= FOR=2m, OFF=1 ends them
fault: scripts/commands/fault.ts
## gameday ENV=… [KIND=… FOR=15s]        inject one fault after the other under load, and judge what users saw
gameday: scripts/commands/gameday.ts
## cost ENV=… [REQUESTS=1000000 …]       what a month costs; also SIGNED_IN BODY_KB UPSTREAM_MS PER_SECOND ROUTES COLD_STARTS ITEMS
cost: scripts/commands/cost.ts
## dashboard ENV=… [SPAN=1h]             draw the dashboard as a page under reports/
dashboard: scripts/commands/dashboard.ts
## destroy ENV=…                         remove everything that was deployed
destroy: scripts/commands/destroy.ts
## test                                  every check there is
test: scripts/commands/test.ts
## check                                 the fast part of it, two to three minutes
check: scripts/commands/check.ts
## torture [PART=… SEED=… SCALE=0.01]    the long forms of the tests, by chance and by force
torture: scripts/commands/torture.ts
## workflows                             lint the workflows of GitHub Actions
workflows: scripts/commands/workflows.ts
## dependencies                          what is known against the packages that are locked
dependencies: scripts/commands/dependencies.ts
## bench                                 performance figures, side by side with peers
bench: scripts/commands/bench.ts

# USER is set in every shell: only one that was typed for this command counts.
session revoke: export SESSION_USER = $(if $(findstring command line,$(origin USER)),$(USER))

$(COMMANDS): node_modules/.package-lock.json
	@$(NODE) --disable-warning=ExperimentalWarning $(firstword $(filter scripts/%,$^))

node_modules/.package-lock.json: package-lock.json
	@command -v node >/dev/null || { echo 'Error: Node was not found; version 20 or newer is needed: https://nodejs.org' >&2; exit 1; }
	@node scripts/stack/tools/install-node-modules.mjs

help:
	@sed -n 's/^## /  make /p' Makefile
	@echo '  LOCAL_PORT=4666 with any of them: a local stack of its own, beside the one on 4566'
