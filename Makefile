# Genba: the commands of the project. Needs Python 3.11 or newer, git and make; nothing else.

PYTHON ?= python3
BIN := .venv/bin
# The machine's own certificates, as pip and git use them. A home that cannot be written is no
# obstacle: the package cache then lives in the environment.
export UV_SYSTEM_CERTS ?= true
export NODE_USE_SYSTEM_CA ?= 1
ifeq ($(shell mkdir -p "$$HOME/.cache" 2>/dev/null && test -w "$$HOME/.cache" && echo yes),)
export UV_CACHE_DIR := $(CURDIR)/.venv/cache/uv
export npm_config_cache := $(CURDIR)/.venv/cache/npm
endif

# What the built package is made of, beside the Python code that is read in place.
BUILT_FROM := pyproject.toml $(wildcard hatch_build.py) \
	$(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null | tr ' ' '?') \
	$(shell find src -name '*.po' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help env run test check fix bench soak mutants tried drawings lock

help: ## Print these lines
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

env: .venv/genba.stamp ## Build the environment in .venv, with the genba command
	@:

run: env ## Serve Genba with its demonstration; data is kept in var/
	@exec $(BIN)/genba serve --demo

test: env ## Run the tests
	@$(BIN)/pytest -n 2 --dist loadfile -rs

check: env ## Check format, lint, types, layers, budgets, documentation and locks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m checks

fix: env ## Format, and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: env ## Measure against other engines (installed for this only)
	@$(BIN)/python -m benchmarks

soak: env ## Crash random processes everywhere, kill workers (SEED=1 CASES=10000 KILLED=400)
	@$(BIN)/python -m tests.simulation.soak --seed $${SEED:-1} --cases $${CASES:-10000}
	@GENBA_SOAK_SEED=$${SEED:-1} GENBA_SOAK_CASES=$${KILLED:-400} \
		$(BIN)/pytest -rs tests/acceptance/test_workers.py

mutants: env ## Break each security property on purpose and see that its tests notice
	@$(BIN)/python -m tests.security

tried: env ## Try every address of the description (EXAMPLES=20 requests each, SEED=5)
	@GENBA_EXAMPLES=$${EXAMPLES:-20} GENBA_SEED=$${SEED:-5} $(BIN)/pytest -rs tests/web/test_tried.py

drawings: env ## Load and rehearse the drawings in ../shared/data/bpmn
	@$(BIN)/genba drawings $${GENBA_SHARED_DATA:-../shared/data}/bpmn/*/

lock: env ## Write requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --quiet --output-file requirements.lock

# The environment: made once, brought up to date when the lock or the build changes.

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Genba needs Python 3.11 or newer; $(PYTHON) is" \
		"$$(command -v $(PYTHON) >/dev/null && $(PYTHON) -V 2>&1 || echo not there)." \
		"Name another one: make env PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make environments; install its venv package" \
		"(on Debian: apt-get install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv .venv

# uv comes from the lock as well, with its hashes, so that nothing unpinned is installed.
.venv/tools.stamp: requirements.lock | .venv/bin/pip
	@awk '/^uv==/ { on = 1 } on { print } on && !/\\$$/ { exit }' requirements.lock > .venv/uv.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r .venv/uv.txt
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@rm -f .venv/genba.stamp
	@touch $@

.venv/genba.stamp: .venv/tools.stamp $(BUILT_FROM)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps -e .
	@touch $@
