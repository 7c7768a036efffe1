# Every command of the project. Needed on the machine: python3 >= 3.11 and make, nothing else.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench messages lock clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with everything locked (done again only when a lock changes)
	@$(PYTHON) -m devstack.environment

run: setup ## The whole portal on 127.0.0.1 (PORT, 8000 by default); Ctrl-C stops it
	@exec $(PY) -m devstack run

test: setup ## All tests, with real PostgreSQL, Valkey and Chromium
	@$(PY) -m devstack test

lint: setup ## Style, types, templates, migrations, the deployment checks
	@$(PY) -m devstack lint

bench: setup ## The benchmarks and their floor, reports and exports
	@$(PY) -m bench && $(PY) -m bench.reports

messages: setup ## The message catalogues of locale/, from every string marked for translation
	@$(PY) -m devstack catalogues

lock: setup ## Write the lock files from pyproject.toml (UPGRADE=1: the newest of everything)
	@$(PY) -m devstack lock $(if $(UPGRADE),--upgrade)

clean: ## Remove what `make` made, the data of `make run` included
	@[ ! -L var/elsewhere ] || rm -rf "$$(readlink var/elsewhere)"
	rm -rf $(VENV) var staticfiles .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov test-results
