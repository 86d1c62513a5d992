# Tugon's commands. Everything is installed into .venv from the package registries; no root, no Docker.
# PORT picks the demo's port, TUGON_HOME its data folder, DATABASE_URL a PostgreSQL server of your own,
# PROCESSES how many processes share the tests (one more than the cores: some tests wait).

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PROCESSES ?= 3
export PYTHONWARNINGS ?= ignore
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help demo test setup check bench soak lock messages schema clean

help:  ## what there is to run
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

demo: setup  ## a crisis breaking now, in your browser
	@exec $(BIN)/python manage.py demo

test: .venv/.test  ## every test, a real browser included
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.real.bluesky.install & # the first time it takes a minute, beside other tests
	@$(BIN)/python -m pytest -q -n $(PROCESSES) $(ARGS) || { test $$? -eq 1 && \
		echo "*** What failed beside other tests is asked once more, alone. What passes now leans on the machine: mend it. ***" && \
		$(BIN)/python -m pytest -q --last-failed --last-failed-no-failures=none --maxfail=20 $(ARGS); }

check: .venv/.test  ## style, types, import contracts, migrations, Django's own checks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@DJANGO_SETTINGS_MODULE=agency.settings.dev $(BIN)/python manage.py makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=agency.settings.dev $(BIN)/python manage.py check

bench: .venv/.bench  ## one JSON line per figure, each against a baseline of the same run
	@$(BIN)/python -m tests.bench $(ARGS)

soak: .venv/.test  ## the same tests with larger counts; takes long
	@TUGON_SOAK=1 TUGON_KILLS_PUBLICATIONS=1000 $(BIN)/python -m pytest -q -m "slow or real" $(ARGS)

setup: .venv/.demo  ## what demo and test share: .venv with the pinned packages

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Tugon needs Python 3.11 or newer, and none was found. Install it, or say where: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is not complete here (on Debian and Ubuntu it is the package python3-venv)."; exit 1; }

.venv/.demo: requirements.txt | .venv/bin/python
	@echo "Installing Tugon's packages into .venv (once) …"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.txt
	@touch $@

.venv/.test: requirements-test.txt .venv/.demo
	@echo "Installing what the tests need into .venv (once) …"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-test.txt
	@touch $@

.venv/.bench: requirements-bench.txt .venv/.test
	@echo "Installing what training and measuring need into .venv (once) …"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-bench.txt
	@touch $@

lock:  ## renew the pins of all packages (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q pyproject.toml -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q --extra test pyproject.toml -o requirements-test.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header -q --extra test --extra train pyproject.toml -o requirements-bench.txt

messages: .venv/.test  ## collect the texts to translate into locale/ and compile them
	@$(BIN)/python -m tests.messages

schema: setup  ## write docs/openapi.yaml anew
	@$(BIN)/python manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn

clean:  ## remove .venv and the demo's data
	rm -rf .venv .tugon
