# Everything here needs only Python 3.11-3.13, make and a package index; `make types` Node.js, too.
# `make run` and `make test` set themselves up on first use and do so only once.

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,\
	$(shell $(p) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' \
	2>/dev/null && echo $(p))))
RAW ?= ../shared/data
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
# Checks the types and the accessibility of the page, which itself needs no Node.js.
NPM := $(shell command -v npm 2>/dev/null)
TOOLS := node_modules/.set-up
PYTEST_ARGS ?=
RUN_ARGS ?=
BENCH_ARGS ?=
SERVE_ARGS ?=
CODE := $(wildcard src tests scripts benchmarks examples)

.DEFAULT_GOAL := help
.PHONY: moved help setup run serve test fast check types docs cookbook gate faults fuzz sbc bench bench-peers data fit contraction bargain headlines effects attribution now lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv from the lock (does nothing when it is current)

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "no Python 3.11, 3.12 or 3.13 found: make PYTHON=/path/to/python" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

run: $(STAMP) ## the main job: simulate, forecast, write runs/<id>/report.html
	$(BIN)/caudal run $(RUN_ARGS)

serve: $(STAMP) ## the page and the API on this machine (SERVE_ARGS="--port 8080")
	$(BIN)/caudal serve $(SERVE_ARGS)

test: $(STAMP) ## all tests
	$(BIN)/pytest -n 2 --dist loadfile $(PYTEST_ARGS)

fast: $(STAMP) ## the tests of a few seconds each: some minutes in all
	$(BIN)/pytest -n 2 --dist loadfile -m "not slow and not gate" $(PYTEST_ARGS)

check: $(STAMP) types docs ## lint, format, types, import floors, contract, documentation
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest tests/unit/test_contract.py

docs: $(STAMP) ## the documentation as a site: build/site/index.html; fails on a dead link
	PYTHONPATH=scripts NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

types: $(if $(NPM),$(TOOLS)) ## types of the page's modules (needs Node.js with npm)
ifeq ($(NPM),)
	@echo "make types: no npm here, so the types of the page's modules were not checked"
else
	npm run --silent types
endif

$(TOOLS): package-lock.json
	npm ci --silent --ignore-scripts
	@touch $(TOOLS)

cookbook: $(STAMP) ## run the notebooks of docs/cookbook again and keep what they print (minutes)
	$(BIN)/python scripts/cookbook.py

gate: $(STAMP) $(if $(NPM),$(TOOLS)) ## the slow checks; writes docs/results/gate.csv and sbc.csv
	$(BIN)/pytest -n 2 --dist loadfile -m gate
	$(BIN)/python scripts/gate.py
	$(BIN)/python scripts/sbc.py

moved: $(STAMP) ## which numbers of the frozen baseline run moved, from which version to which
	$(BIN)/python tests/baseline/freeze.py --check

faults: $(STAMP) ## kill -9, full disk, spoilt bytes (docs/results/faults.csv; half an hour)
	$(BIN)/python scripts/faults.py --write

fuzz: $(STAMP) ## a million spoilt inputs for every reader (docs/results/fuzz.csv; half an hour)
	$(BIN)/python scripts/fuzz.py --write $(if $(ATHERIS),--engine atheris)

sbc: $(STAMP) ## simulation-based calibration of the learner; writes docs/results/sbc.csv
	$(BIN)/python scripts/sbc.py

bench: $(STAMP) ## time the engine and the page; tables under benchmarks/
	$(BIN)/python benchmarks/run.py

bench-peers: $(STAMP) ## Caudal beside its peers, and how cost grows (an hour; BENCH_ARGS="--seconds 60": a quarter)
	$(BIN)/python benchmarks/peers/run.py $(BENCH_ARGS)
	$(BIN)/python benchmarks/growth.py

data: $(STAMP) ## rebuild the package's tables from the publishers' files in RAW; ONLY=SERIES: that one
	$(BIN)/python $(if $(ONLY),scripts/one_series.py $(RAW) $(ONLY),-m caudal.corridor.sources.build $(RAW))

fit: $(STAMP) ## learn again from the counts (long); rewrites the shipped posterior
	$(BIN)/caudal fit --write

contraction: $(STAMP) ## prior against posterior of every parameter (docs/results/contraction.csv)
	$(BIN)/python scripts/contraction.py

bargain: $(STAMP) ## what counts and dated acts say of the bargain between governments (docs/results/bargain.csv)
	$(BIN)/python scripts/bargain.py

headlines: $(STAMP) ## published figures against the model (src/caudal/corridor/skill/headlines.csv)
	$(BIN)/python scripts/headlines.py

effects: $(STAMP) ## what policies did, in people (docs/results/effects.csv); HALF=, DOUBLE=: draws learned at those variances
	$(BIN)/python scripts/effects.py $(if $(HALF),--half $(HALF)) $(if $(DOUBLE),--double $(DOUBLE))

attribution: $(STAMP) ## why encounters changed, in people (docs/results/attribution.csv)
	$(BIN)/python scripts/attribution.py

now: $(STAMP) ## what the page shows at once, from the shipped draws: forecast, examples, map, verdicts
	$(BIN)/caudal forecast --out build/now
	cp build/now/forecast.json src/caudal/corridor/posterior/forecast.json
	$(BIN)/python scripts/shown.py
	$(BIN)/python scripts/corridor_map.py
	$(BIN)/python scripts/claims_judged.py

lock: ## bring requirements.lock up to pyproject.toml; with UPGRADE=1 to the newest versions
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --generate-hashes --no-emit-index-url \
		--python-version 3.11 --custom-compile-command "make lock" \
		pyproject.toml scripts/build-requirements.in --extra dev -o requirements.lock

clean: ## remove caches and builds (keeps .venv and runs)
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
