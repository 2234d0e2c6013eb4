# learnseal: `make demo` shows the main job, `make test` runs the tests, `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# The system's own Python first: distributions build theirs with profiles, which makes it a tenth faster.
PYTHON ?= $(shell for p in {/usr/bin/,}python3.{11,12,13} python3; do \
  if $$p -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then echo $$p; break; fi; done)
BIN := .venv/bin
T ?= tests
ARGS ?=
WORKERS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 1) + 1 )))  # one more than cores: some tests wait

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1|/' | column -t -s '|'

.venv/.made:
	@test -n "$(PYTHON)" || { echo "learnseal needs Python 3.11, 3.12 or 3.13 on the PATH."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.product: requirements.txt pyproject.toml .venv/.made
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.product
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/tools/.made: requirements-tools.txt .venv/.made
	$(PYTHON) -m venv .venv/tools
	.venv/tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-tools.txt
	@touch $@

.PHONY: tools
tools: .venv/tools/.made ## tools that must not share the product's environment (schemathesis, cyclonedx-py)

.PHONY: demo
demo: .venv/.product ## the main job end to end, then the pages (ARGS=--once to stop after the table)
	$(BIN)/learnseal demo $(ARGS)

.PHONY: serve
serve: .venv/.product ## the production process, with settings from LEARNSEAL_*
	$(BIN)/learnseal serve

.PHONY: dev
dev: .venv/.dev ## environment with the development tools

.PHONY: test
test: .venv/.dev ## the fast tests (T=tests/badges/status for some of them)
	$(BIN)/python -m pytest $(T) -q -m "not slow and not browser" -n $(WORKERS) $(ARGS)

.PHONY: pages
pages: .venv/.dev ## the pages in a real Chromium: looks, accessibility, no-JavaScript, hostile markup
	$(BIN)/python -m pytest tests/browser -q

.PHONY: lint
lint: .venv/.dev ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

.PHONY: check
check: lint test pages ## exactly what CI runs

.PHONY: fix
fix: .venv/.dev ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: lock
lock: ## renew the hash-locked requirements (needs uv)
	uv pip compile pyproject.toml --extra edc-shacl --extra pkcs11 --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --group build -o requirements.txt -q
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --group build --group dev \
	  -c requirements.txt -o requirements-dev.txt -q
	uv pip compile --group tools --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate -o requirements-tools.txt -q

.PHONY: clients
clients: ## published wallet libraries and an OpenID provider from npm, for the tests
	cd tests/clients && npm install --ignore-scripts --silent --no-package-lock --no-audit --no-fund

.PHONY: browser
browser: .venv/.dev ## what the browser tests need from npm (axe-core)
	npm install --silent --no-package-lock --no-audit --no-fund --prefix tests/browser

.PHONY: slow
slow: .venv/.dev ## the slower tests CI adds, and properties with many examples
	LEARNSEAL_MANY_EXAMPLES=1 $(BIN)/python -m pytest tests -q -m "(slow or many) and not browser" -n $(WORKERS) || [ $$? -eq 5 ]

.PHONY: sbom
sbom: .venv/tools/.made requirements.txt ## what the product is made of, as a CycloneDX list (artefacts/sbom.json)
	rm -rf .venv/product && $(PYTHON) -m venv .venv/product
	.venv/product/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@mkdir -p artefacts
	.venv/tools/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	  --output-file artefacts/sbom.json .venv/product/bin/python

.PHONY: pictures
pictures: .venv/.dev ## the pictures of the documentation, from the running demo
	$(BIN)/python -m tests.browser.pictures

.PHONY: bench
bench: .venv/.product ## issuing and verifying against plain PyLD, all in one run
	$(BIN)/learnseal bench $(ARGS)

.PHONY: fuzz-memo
fuzz-memo: .venv/.dev ## 100,000 hostile documents: the shape memo against the full algorithm
	PYTHONPATH=. $(BIN)/python tests/bench/fuzz_memo.py $(ARGS)

.PHONY: million
million: .venv/.dev ## a million credentials: to a file, and through their whole life into SQLite
	PYTHONPATH=. $(BIN)/python tests/bench/million.py $(ARGS)

SECONDS ?= 60
.PHONY: fuzz
fuzz: .venv/.dev ## each parser against changed bytes for SECONDS
	$(BIN)/python -m tests.fuzz $(SECONDS)

ROUNDS ?= 200
ROWS ?= 10000
.PHONY: crash
crash: .venv/.dev ## kill -9 at random moments of a batch (ROUNDS=200 ROWS=10000, ARGS="--postgres URL")
	$(BIN)/python -m tests.crash.rounds --rounds $(ROUNDS) --rows $(ROWS) $(ARGS)

.PHONY: bench-status
bench-status: .venv/.dev ## revoking with a million entries: one until it is served, 10,000 at once
	$(BIN)/python -m tests.bench.status $(ARGS)

MINUTES ?= 60
PACE ?= 1
.PHONY: soak
soak: .venv/.dev ## everyday traffic against `learnseal serve` (MINUTES=60, PACE=0.4 for less of it)
	$(BIN)/python -m tests.soak.soak --minutes $(MINUTES) --pace $(PACE) $(ARGS)
