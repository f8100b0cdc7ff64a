.DEFAULT_GOAL := help
.PHONY: help setup run clean test fuzz lives mutants schema lint format check lock generate

PYTHON ?= python3.13
PORT   ?= 8000
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready

help:  ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(STAMP)  ## prepare this checkout (run and test do it for you)

$(STAMP): requirements/dev.txt .python-version layers/common/pyproject.toml layers/reader/pyproject.toml cli/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null || { \
	  echo "Sheaf needs Python 3.13 ($(PYTHON) is not it, or is missing)."; \
	  echo "Install it (pyenv install 3.13, or your system's python3.13 with its venv module), or say where it is: make $(or $(MAKECMDGOALS),setup) PYTHON=/path/to/python3.13"; exit 2; }
	@$(PYTHON) requirements/install.py $(VENV)

run: $(STAMP)  ## start Sheaf on an embedded AWS: http://127.0.0.1:8000 (PORT=...)
	@exec $(BIN)/python -m infra.local --port $(PORT)

clean:  ## forget the local state: workspaces, documents, files
	@$(PYTHON) -m infra.local.clean

test: $(STAMP)  ## all tests
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

fuzz: $(STAMP)  ## damage files and answers for some minutes: each must end in a reading or a reason
	@$(BIN)/python -m pytest tests/unit/fuzz --hypothesis-profile=fuzz -n 2

lives: $(STAMP)  ## let documents live through 200 times 50 steps, and every fault there can be
	@$(BIN)/python -m pytest tests/component/test_document_life.py tests/component/test_review_life.py tests/component/test_billing_life.py tests/component/test_faults.py --hypothesis-profile=lives -n 2

mutants: $(STAMP)  ## break the access rules one by one: a test must notice each (MODULES="roles csrf", JOBS=2)
	@$(BIN)/python -m tests.mutation $(MODULES)

schema: $(STAMP)  ## ask the running API what its description promises, some minutes (EXAMPLES=200)
	@EXAMPLES=$(or $(EXAMPLES),200) $(BIN)/python -m pytest tests/e2e/test_api_description.py

lint: $(STAMP)  ## style, types, import rules, template, drift
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/cfn-lint template.yaml 'infra/*.yaml'
	@$(BIN)/python -m tests.drift

check: lint test  ## everything CI does

format: $(STAMP)  ## rewrite the code the way lint wants it
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

generate: $(STAMP)  ## rewrite the generated files: docs/permissions.md, docs/security.md, openapi.json
	@$(BIN)/python -m tests.drift --write

lock: $(STAMP)  ## resolve the requirements again (UPGRADE=--upgrade for newer versions)
	@cd requirements && compile="../$(BIN)/uv pip compile --quiet --generate-hashes --no-header --python-version 3.13 $(UPGRADE)" && \
	  $$compile dev.in --output-file dev.txt && \
	  $$compile reader.in --constraint dev.txt --output-file reader.txt && \
	  $$compile bench.in --constraint dev.txt --output-file bench.txt && \
	  $$compile common.in --constraint dev.txt --output-file ../layers/common/python/requirements.txt && \
	  $$compile typesetting.in --constraint dev.txt --output-file ../layers/typesetting/python/requirements.txt

# Benchmarks: docs/performance.md says what they count. The peer they compare with is installed by them alone.
.PHONY: bench-units bench-large bench-cold bench-warm bench-exports
PEER := $(VENV)/.peer

$(PEER): requirements/bench.txt $(STAMP)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement requirements/bench.txt
	@touch $@

bench-units: $(STAMP)
	@$(BIN)/python -m benchmarks.units

bench-large: $(STAMP)
	@$(BIN)/python -m benchmarks.large $(DOCUMENTS)

bench-exports: $(STAMP)
	@$(BIN)/python -m benchmarks.exports $(DOCUMENTS)

bench-cold: $(PEER)
	@$(BIN)/python -m benchmarks.coldstart $(FUNCTIONS)

bench-warm: $(PEER)
	@$(BIN)/python -m benchmarks.warm
