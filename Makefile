# Two commands are enough: `make run` and `make test`. The rest is for whoever works on px.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
# The first Python of 3.11 or later that can make a virtual environment.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$p && break; done)
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run test check lint types imports dead dependencies browser bench migration words clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run  ## Start px on http://localhost:8501 (another port: make run PORT=8600)
	@$(PY) -m px serve $(if $(PORT),--port $(PORT))

test: check browser  ## Run every check and every test
	@$(PY) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

check: lint types imports dead dependencies  ## Run the checks that start no test

lint: $(VENV)/.test  ## Style and format (ruff)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

types: $(VENV)/.test  ## Types (mypy)
	@$(PY) -m mypy

imports: $(VENV)/.test  ## Who may import whom (import-linter)
	@$(VENV)/bin/lint-imports --no-logo

dead: $(VENV)/.test  ## Code that nobody uses (vulture)
	@$(PY) -m vulture

dependencies: $(VENV)/.test  ## Packages that nobody imports, imports that nobody named (deptry)
	@$(PY) -m deptry --no-ansi .

browser: $(VENV)/.test
	@$(PY) -m tests.chromium

bench: $(VENV)/.test  ## Measure (one only: make bench NAME=plan)
	@$(PY) -m px bench $(NAME)

migration: $(VENV)/.test  ## Write the next migration: make migration NAME="what changed" (or NAME=--first)
	@test -n "$(NAME)" || { echo 'Say what changed: make migration NAME="add a column for ..."'; exit 2; }
	@$(PY) -m db.migrations.author $(if $(filter --first,$(NAME)),--first,"$(NAME)")

words: $(VENV)/.test  ## Write the parts of docs/ that come from the source (words, pages)
	@$(PY) -m tests.contracts.generated

clean:  ## Remove caches and the virtual environment; the data stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './data/*' -prune -exec rm -rf {} +

$(VENV)/.made:
	@test -n "$(PYTHON)" || { \
		echo "px needs Python 3.11 or later with the venv module, and found none."; \
		echo "Install it (Debian and Ubuntu: apt install python3 python3-venv) and try again,"; \
		echo "or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "px needs Python 3.11 or later; $(PYTHON) is older or cannot be run."; exit 1; }
	@test -x $(PY) || { echo "Making $(VENV) with `$(PYTHON) --version`"; $(PYTHON) -m venv $(VENV); }
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements.txt
	@echo "Installing what px needs; the first time takes a minute or two"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.test: $(VENV)/.made requirements.txt requirements-dev.txt
	@echo "Installing what the tests need; the first time takes a minute or two"
	@$(PIP) -r requirements-dev.txt
	@touch $(VENV)/.run $@
