# The one list of commands. Needs python3 (3.11 or newer) and make; everything else goes into .venv.
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FAST := .venv-fast
WORKERS := -n auto --maxprocesses 4 --dist worksteal

# With this variable of some machines each of the many processes of a test run would compile us anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-all check bench format docs vendor clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*##/\1\t/p' $(MAKEFILE_LIST)

demo: $(VENV)/.made  ## platform, example receiver and one script together
	@$(BIN)/python -m simulator demo

# Tests wait for sockets and processes for a third of their time, so a worker for each core, which takes a test from
# the other when it has none left, ends sooner; more than four only import more often. The coverage gate is part of this
# target and speaks only when something is uncovered, so that pytest's own summary closes a good run.
test: $(VENV)/.made-dev  ## the tests and the coverage gate
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest $(WORKERS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report > coverage.txt || { cat coverage.txt; exit 1; }

# What needs more than Python: node, Ruby, curl, and the package index. First the tests again with the extra [fast], where
# it can be installed, then tests/all, file by file. A tool that is missing skips its tests with a reason.
test-all: $(VENV)/.made-dev  ## also other languages, the wheel, a container's steps, the extra [fast]
	@if $(MAKE) --no-print-directory $(FAST)/.made; then $(FAST)/bin/python -m pytest $(WORKERS); \
	else echo "the extra [fast] cannot be installed here: its tests are left out"; fi
	@$(BIN)/python -m pytest $(WORKERS) --dist loadfile tests/all

check: $(VENV)/.made-dev  ## lint, format, types, import contracts
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# With the extra [fast] too, where it can be installed.
bench: $(VENV)/.made-dev  ## what it costs, as ratios to the barest thing that does the same
	@if $(MAKE) --no-print-directory $(FAST)/.made; then $(BIN)/python -m bench --fast $(FAST)/bin/python; \
	else $(BIN)/python -m bench; fi

format: $(VENV)/.made-dev  ## mend what the linter and the formatter can mend
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

docs: $(VENV)/.made-dev  ## write the generated documents anew
	@$(BIN)/python docs/build.py

vendor:  ## fetch GraphiQL and what it needs anew from npm, in the versions of tools/graphiql.py
	@$(PYTHON) tools/graphiql.py

clean:  ## remove all that these commands make
	rm -rf $(VENV) $(FAST) dist coverage.txt .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

# Two stamps, since the demo needs none of the test tools.
$(VENV)/.made: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.made-dev: $(VENV)/.made
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(FAST)/.made: pyproject.toml
	@test -x $(FAST)/bin/python || $(PYTHON) -m venv $(FAST)
	@$(FAST)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,fast]'
	@touch $@
