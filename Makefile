# Each target is a command in scripts/commands. `make help` lists those for users, `make help-all` all of them.
# The list follows from scripts/stack/command-line/commands.ts: npm run command-docs

NODE := node_modules/.bin/node
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# BEGIN_COMMANDS
## dev [PORT=8787] [CONTRACT=<file>]     serve the contract on this machine, without Terraform; reload it when it changes
COMMANDS += dev
## plan ENV=… [REFRESH=0] …              show what would change; exit code 0 when nothing would, 2 when something would
COMMANDS += plan
## deploy ENV=… [JSON=1]                 build, apply, one real request; local: also start the local cloud
COMMANDS += deploy
## release ENV=… [PAUSE=5m] …            publish a version, check it, move traffic to it in steps
COMMANDS += release
## rollback ENV=…                        send all traffic to the version that served before
COMMANDS += rollback
## destroy ENV=…                         remove everything that was deployed
COMMANDS += destroy
## url ENV=…                             print the base URL
COMMANDS += url
## session ENV=… USER=alice …            create a session and print its token
COMMANDS += session
## revoke ENV=… [TOKEN=<token>] …        end one session, or all sessions of a user
COMMANDS += revoke
## rotate-key ENV=… [NOW=1] [KEEP=30d] … make a new signing key; tokens stay valid
COMMANDS += rotate-key
## logs ENV=… [FOLLOW=0] …               follow the function's log
COMMANDS += logs
## dashboard ENV=… [SPAN=1h]             write the dashboard as a page, with live graphs and the states of the alarms
COMMANDS += dashboard
## loadtest ENV=… [SCENARIO=load] …      run a k6 scenario against the gateway
COMMANDS += loadtest
### import FILE=<file> …                  write a first contract from OpenAPI, API Gateway, SAM, Kong or KrakenD
COMMANDS += import
### validate [CONTRACT=<file>] …          check a contract without building; print its problems by line
COMMANDS += validate
### routes [CONTRACT=<file>] [JSON=1]     print the routes: who may call, limits, target, where each is defined
COMMANDS += routes
### diff [ENV=…] [CONTRACT=<file>] …      compare the contract with the deployed one; exit code 2: breaking changes
COMMANDS += diff
### build [ENV=…] [JSON=1]                compile the contract, bundle and zip; for an environment, with the parts it needs
COMMANDS += build
### traffic ENV=… …                       show or change the weights of several upstreams, without a deployment
COMMANDS += traffic
### bootstrap ENV=…                       create the state bucket, and the GitHub roles of github.auto.tfvars
COMMANDS += bootstrap
### apikey-create ENV=… CONSUMER=acme …   create an API key for a consumer, and print it once
COMMANDS += apikey-create
### apikey-list ENV=… [CONSUMER=acme] …   list the API keys: consumer, plan, scopes, expiry, last use
COMMANDS += apikey-list
### apikey-rotate ENV=… KEY=<id> …        replace an API key; the former one stays valid for a while
COMMANDS += apikey-rotate
### apikey-revoke ENV=… [KEY=<id>] …      revoke an API key, or all keys of a consumer
COMMANDS += apikey-revoke
### apikey-usage ENV=… [PERIOD=2026-11] … print what consumers have used of their quotas
COMMANDS += apikey-usage
### password-create ENV=… CONSUMER=acme … create a password for a consumer, and print it once
COMMANDS += password-create
### password-list ENV=… [CONSUMER=acme] … list the passwords: user, consumer, plan, scopes, expiry, last use
COMMANDS += password-list
### password-rotate ENV=… USER=acme …     replace a password by one of another user name; the former one stays valid for a while
COMMANDS += password-rotate
### password-revoke ENV=… USER=acme       revoke the password of a user
COMMANDS += password-revoke
### cost ENV=… [REQUESTS=1000000] …       estimate the cost of a month
COMMANDS += cost
### cache-purge ENV=… …                   drop responses from the cache of every execution environment
COMMANDS += cache-purge
### gameday ENV=… [KIND=latency] …        inject one fault after another under load, and judge what users saw
COMMANDS += gameday
### drill ENV=… [ONLY=<runbook>]          rehearse the runbooks on a stack of their own, and time them
COMMANDS += drill
### fault ENV=… [KIND=latency] …          inject faults into requests for a while
COMMANDS += fault
### doctor [ENV=…] [JSON=1]               say what this machine, or the account of an environment, lacks; exit code 1: something
COMMANDS += doctor
### state ENV=… [RESTORE=<version>]       list the kept versions of the Terraform state; make an older one current
COMMANDS += state
### unlock ENV=… [LOCK=<id>] …            show who holds the state lock; remove it if its holder is dead
COMMANDS += unlock
### restore-sessions ENV=… AT=<time>      restore the sessions as of a time into a new table
COMMANDS += restore-sessions
### test                                  run every check
COMMANDS += test
### check                                 run the fast checks, two to three minutes
COMMANDS += check
### torture [PART=<part>] [SEED=1] …      run the long, randomized forms of the tests
COMMANDS += torture
### bench [QUICK=1]                       measure performance, side by side with peers
COMMANDS += bench
### lint-workflows                        lint the workflows of GitHub Actions
COMMANDS += lint-workflows
### audit                                 list known vulnerabilities in the locked packages
COMMANDS += audit
### package                               pack the npm package, its SBOM and its checksums
COMMANDS += package
# END_COMMANDS
.PHONY: help help-all workflows dependencies $(COMMANDS)

# Only what is typed for this command is an argument; exported variables are not. The values come from the environment,
# where make puts what is typed, so that no character in them is the shell's.
TYPED = $(filter-out NODE,$(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name))))

$(COMMANDS): node_modules/.package-lock.json
	@$(NODE) --disable-warning=ExperimentalWarning scripts/commands/$@.ts $(foreach name,$(TYPED),$(name)="$$$(name)")

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
