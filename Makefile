# `make help` lists what can be made.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
# Arguments for the program behind a target: make test ARGS="tests/events -k feed"
ARGS ?=

export VENV

.PHONY: help run start manage backup restore upgrade test lint test-services test-full test-next messages format shell bench screenshots lighthouse clean venv venv-dev

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: venv ## Run the demo site at http://127.0.0.1:8000/ (PORT and HOST change it); Ctrl-C stops it
	@$(PY) scripts/catalogues.py compile
	@$(PY) scripts/run.py

start: venv ## Start a real site: the first time it asks what it is to be, then it serves (PORT and HOST as for run)
	@$(PY) scripts/catalogues.py compile
	@$(PY) scripts/start.py

manage: venv ## Run a management command of the real site (ARGS="createsuperuser")
	@$(PY) scripts/real_site.py $(ARGS)

backup: venv ## Back up the real site while it runs (ARGS="--to /mnt/disk --keep 30")
	@$(PY) scripts/real_site.py backup $(ARGS)

restore: venv ## Restore a backup into an empty data folder (FROM=archive, KEYS=file, ARGS=--force)
	@$(PY) scripts/catalogues.py compile
	@$(PY) scripts/restore.py "$(FROM)" $(ARGS)

upgrade: venv ## Bring the real site to the code that lies here: backup, packages, database, static files
	@$(PY) scripts/upgrade.py

test: venv-dev ## Run every test, those of the browser included (ARGS="tests/events -x" for some)
	@bash scripts/test.sh $(ARGS)

lint: venv-dev ## Run every check: style, templates, imports, types, migrations, catalogues, deployment
	@bash scripts/lint.sh

test-services: venv-dev ## Run the tests that depend on database or cache on PostgreSQL and Redis
	@ONLY=services bash scripts/services.sh bash scripts/test.sh $(ARGS)

test-full: venv-dev ## Run every test on SQLite, then every test on PostgreSQL and Redis
	@bash scripts/test.sh $(ARGS)
	@bash scripts/services.sh bash scripts/test.sh $(ARGS)

test-next: venv-dev ## Run every test on the newest Wagtail, in an environment of its own (.venv-next)
	@sh scripts/venv.sh .venv-next
	@.venv-next/bin/python scripts/next_wagtail.py
	@VENV=.venv-next bash scripts/test.sh $(ARGS)

messages: venv ## Bring the catalogues in locale/ in step with the code, and compile them
	@$(PY) scripts/catalogues.py extract
	@$(PY) scripts/catalogues.py compile

format: venv-dev ## Format the Python code and mend what ruff can mend
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

shell: venv ## Open a Python shell on the development database
	@$(PY) manage.py shell $(ARGS)

bench: venv ## Measure the rows of docs/performance.md in one run (ARGS="--quick", ARGS="--rows feeds,queries")
	@$(PY) scripts/catalogues.py compile
	@$(PY) -m scripts.bench $(ARGS)

screenshots: venv-dev ## Photograph each type of page of the demo into docs/screens (ARGS="home event")
	@$(PY) scripts/catalogues.py compile
	@CHROMIUM=$$(sh scripts/chromium.sh) $(PY) scripts/screenshots.py $(ARGS)

lighthouse: venv-dev ## Let Lighthouse judge the demo on a slow phone (needs npm; ARGS="home event")
	@$(PY) scripts/catalogues.py compile
	@CHROMIUM=$$(sh scripts/chromium.sh) $(PY) scripts/lighthouse.py $(ARGS)

clean: ## Delete the environments and what tools left behind; data in var/ stay
	rm -rf .venv .venv-next .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

venv:
	@sh scripts/venv.sh $(VENV)
	@$(PY) scripts/install.py requirements.txt

venv-dev:
	@sh scripts/venv.sh $(VENV)
	@$(PY) scripts/install.py requirements-dev.txt
