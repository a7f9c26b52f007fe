# Every target sets up what it needs, in .venv; nothing is installed outside this folder.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help setup setup-dev demo run test lint bench soak clean lock

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/.installed                ## install Paperclub into .venv
setup-dev: $(VENV)/.installed-dev        ## the same, with the tools for tests and checks

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Paperclub needs Python 3.11 or newer; try: make PYTHON=python3.12 ...")'
	@echo "Setting up .venv (once, about half a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Adding the tools for tests ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup      ## try it: no token, no key, no network
	@$(BIN)/python -m bot demo

run: setup       ## run it with ./config.toml
	@$(BIN)/python -m bot run

# Twice as many as there are cores: much of a test waits for loopback servers and browsers.
test: setup-dev  ## the test suite
	@$(BIN)/python -m pytest -n 4 --dist worksteal

lint: setup-dev  ## style, types and the rule of who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup-dev ## figures, as ratios taken in one run
	@$(BIN)/python -m bench

soak: setup-dev  ## the long counts: kill loops, thousands of posts
	@$(BIN)/python -m pytest --soak

lock:            ## renew the pinned dependencies (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade \
	    --extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade \
	    --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:           ## remove .venv and what the demo wrote
	rm -rf $(VENV) paperclub-demo.db* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
