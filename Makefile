# make demo | test | check | bench — on a fresh machine each first installs what it needs.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
INSTALL = $(RUN) -m pip install -qq
# tests run in that many processes, each with a database of its own
JOBS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install tools assets catalogue model system demo test test15 check lint types house migrations bench \
	faults clean

help:
	@echo "make demo    the whole product with a sample operator (FRESH=1 starts over, PORT=8000, YISHI_HOME=./var)"
	@echo "make test    all tests"
	@echo "make test15  the database's tests on the system's oldest PostgreSQL from 15 on"
	@echo "make check   lint, types, house contracts, migrations, tests"
	@echo "make bench   benchmarks (BENCH=name for one)"
	@echo "make faults  every process killed twenty times in the middle of things"

# Running needs the core only; tests and checks need the tools as well (locks/dev.lock holds both).
$(RUN):
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer: make PYTHON=python3.11 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/core: locks/core.lock pyproject.toml | $(RUN)
	$(INSTALL) --require-hashes -r locks/core.lock
	$(INSTALL) --no-deps -e .
	touch $@

$(VENV)/dev: locks/dev.lock pyproject.toml | $(RUN)
	$(INSTALL) --require-hashes -r locks/dev.lock
	$(INSTALL) --no-deps -e .
	touch $(VENV)/core $@

install: $(VENV)/core

tools: $(VENV)/dev

assets: install
	$(RUN) tools/assets.py

catalogue: install
	$(RUN) tools/catalogue.py compile

# what the assistant understands with, made of our own phrases in seconds and kept by their hash
model: install
	$(RUN) -m yishi.cli.main assistant build

system:
	tools/system-packages

demo: assets catalogue model
	exec $(RUN) -m yishi.cli.main demo

test: tools assets catalogue model system
	$(RUN) -m pytest -n $(JOBS)

test15: tools catalogue model system
	$(RUN) tools/test15.py -q -n $(JOBS)

lint: tools
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

types: tools
	$(RUN) -m mypy

house: tools
	$(VENV)/bin/lint-imports
	$(RUN) tools/house.py
	$(RUN) tools/catalogue.py check

migrations: tools
	$(RUN) tools/migrations.py

check: lint types house migrations test15 test

bench: tools assets catalogue model
	@$(RUN) -m bench $(BENCH)

faults: tools assets catalogue model system
	YISHI_FAULTS=20 $(RUN) -m pytest -m faults

clean:
	rm -rf $(VENV) build *.egg-info
