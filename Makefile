# The commands of the project; `make` alone lists them. Each command first brings .venv up to date.

SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# The first of these that is Python 3.11 or newer; PYTHON=... overrides it.
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)
MAKE_VENV = $(or $(PYTHON),$(error Python 3.11 or newer is needed; no python3 here is one)) \
	deploy/make_venv.py
PY := .venv/bin/python

.PHONY: help
help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
		awk -F '\t' '{ printf "make %-17s %s\n", $$1, $$2 }'

.PHONY: serve
serve: ## Run the site on http://127.0.0.1:8000, from nothing; PORT=9000 takes another port
	@$(MAKE_VENV) requirements.txt
	@$(PY) deploy/write_env_file.py
	@$(PY) manage.py compile_translations
	@deploy/collect_static
	@$(PY) manage.py migrate --noinput --verbosity 0
	@$(PY) manage.py seed
	@$(PY) manage.py first_login
	@exec deploy/serve

.PHONY: test
test: dev ## Run every test, on SQLite and on PostgreSQL; ARGS="-k banner" goes to pytest
	@deploy/run_tests sqlite postgresql -- $(ARGS)

.PHONY: test-sqlite
test-sqlite: dev ## Run every test on SQLite alone; ARGS as above
	@deploy/run_tests sqlite -- $(ARGS)

.PHONY: test-postgresql
test-postgresql: dev ## Run every test on PostgreSQL alone; ARGS as above
	@deploy/run_tests postgresql -- $(ARGS)

# Slow proofs, which use databases of their own: nothing of the developer's .env reaches them.
bench chaos engines lighthouse observatory screenshots: export DJANGO_SKIP_ENV_FILE = 1
bench chaos engines lighthouse observatory screenshots: export SECRET_KEY = for-tests-only
bench chaos engines lighthouse observatory screenshots: export DATABASE_URL =
bench lighthouse observatory screenshots: export DJANGO_SETTINGS_MODULE = voipstudio.settings

.PHONY: bench
bench: built ## Measure speed, each figure beside a reference of the same run; BENCH=http runs one part
	@NGINX_PATH=$$($(PY) deploy/find_nginx.py); CHROMIUM_PATH=$$($(PY) deploy/find_chromium.py); \
		export NGINX_PATH CHROMIUM_PATH BENCH && exec $(PY) -m tests.bench $(ARGS)

.PHONY: chaos
chaos: built ## Kill every part of the site under load, freeze, reload and attack it
	@NGINX_PATH=$$($(PY) deploy/find_nginx.py) && export NGINX_PATH && \
		exec $(PY) -m pytest -p no:randomly \
			tests/chaos/{long_form,rights,everything,without_database,rolling,real_mix,evidence}.py \
			tests/chaos/{behind_nginx,hostile,under_attack}.py $(ARGS)

.PHONY: engines
engines: built ## Follow visitors through Chromium, Firefox and WebKit; ARGS="-k webkit" goes to pytest
	@CHROMIUM_PATH=$$($(PY) deploy/find_chromium.py) && \
		FIREFOX_PATH=$$($(PY) deploy/find_engine.py firefox) && \
		MINIBROWSER_PATH=$$($(PY) deploy/find_engine.py webkit) && \
		export CHROMIUM_PATH FIREFOX_PATH MINIBROWSER_PATH && \
		exec xvfb-run --auto-servernum $(PY) -m pytest tests/engines/journeys/[a-z]*.py $(ARGS)

.PHONY: lighthouse
lighthouse: built ## Score ten pages on a phone with Lighthouse; fails below 100
	@LIGHTHOUSE_PATH=$$($(PY) deploy/node_tool.py lighthouse) && \
		CHROMIUM_PATH=$$($(PY) deploy/find_chromium.py) && \
		export LIGHTHOUSE_PATH CHROMIUM_PATH && exec $(PY) -m tests.look.lighthouse

.PHONY: observatory
observatory: built ## Score the headers of five pages with MDN's HTTP Observatory; fails below 130
	@NGINX_PATH=$$($(PY) deploy/find_nginx.py) && \
		OBSERVATORY_PATH=$$($(PY) deploy/node_tool.py observatory) && \
		export NGINX_PATH OBSERVATORY_PATH && exec $(PY) -m tests.look.observatory

.PHONY: screenshots
screenshots: built ## Take pictures of every page into var/screenshots/; ARGS=--readme makes README's
	@CHROMIUM_PATH=$$($(PY) deploy/find_chromium.py) && \
		export CHROMIUM_PATH && exec $(PY) -m tests.look.screenshots $(ARGS)

.PHONY: check
check: dev ## Check code, types, templates, translations, migrations, settings; changes nothing
	@deploy/run_checks

.PHONY: fix
fix: dev ## Repair what a program can: lint, format, templates, the list of messages to translate
	@$(PY) -m ruff check --fix --exit-zero .
	@$(PY) -m ruff format .
	@deploy/format_templates
	@DJANGO_SKIP_ENV_FILE=1 SECRET_KEY=unused $(PY) manage.py messages --update

.PHONY: lock
lock: ## Pin the dependencies of pyproject.toml; UPGRADE=1 moves all pins to the newest
	@$(MAKE_VENV) requirements.txt
	@$(PY) deploy/lock_requirements.py $(if $(UPGRADE),--upgrade)

.PHONY: pictures
pictures: dev ## Draw the image files: the preview of shared links, and the touch icon
	@$(PY) deploy/make_pictures.py

.PHONY: clean
clean: ## Remove what can be made again; the local database, mail and .env stay
	@rm -rf .venv .venv.lock .node_tools static_collected .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -prune -exec rm -rf {} + -o -path './locale/*.mo' -exec rm -f {} +

.PHONY: dev
dev:
	@$(MAKE_VENV) requirements-dev.txt

.PHONY: built
built: dev
	@$(PY) manage.py compile_translations
	@deploy/collect_static
