# make demo | test | check | bench — on a fresh machine each first installs what it needs.

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
LOCK := locks/dev.lock
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install assets catalogue system demo test check lint types house migrations bench faults clean

help:
	@echo "make demo    the whole product with a sample operator (FRESH=1 starts over, PORT=8000, YISHI_HOME=./var)"
	@echo "make test    all tests"
	@echo "make check   lint, types, house contracts, migrations, tests"
	@echo "make bench   benchmarks (BENCH=name for one)"

$(VENV)/installed: $(LOCK) pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 ...") if sys.version_info < (3, 11) else None'
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --require-hashes -r $(LOCK)
	$(RUN) -m pip install --quiet --no-deps -e .
	touch $@

install: $(VENV)/installed

assets: install
	$(RUN) tools/assets.py

catalogue: install
	$(RUN) tools/catalogue.py compile

system:
	tools/system-packages

demo: assets catalogue
	exec $(RUN) -m yishi.cli.main demo

test: assets catalogue system
	$(RUN) -m pytest

lint: install
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

types: install
	$(RUN) -m mypy

house: install
	$(VENV)/bin/lint-imports
	$(RUN) tools/house.py

migrations: install
	$(RUN) tools/migrations.py

check: lint types house migrations test

bench: assets catalogue
	@$(RUN) -m bench $(BENCH)

faults: assets catalogue system
	$(RUN) -m pytest -m faults

clean:
	rm -rf $(VENV) build *.egg-info
