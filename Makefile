# `make` lists the commands; each does its own set-up.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python manage.py
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Compiling every module anew takes each of our processes two seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# --- set-up -----------------------------------------------------------------------------------------------------

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Creating the environment failed. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt

$(VENV)/.base: requirements.txt | $(BIN)/uv
	@echo "Installing the dependencies …"
	@$(BIN)/uv pip install --quiet --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(BIN)/uv
	@echo "Installing the dependencies for development …"
	@$(BIN)/uv pip install --quiet --require-hashes -r requirements.txt -r requirements-dev.txt
	@touch $@ $(VENV)/.base

CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)

$(VENV)/.messages: $(CATALOGUES) | $(VENV)/.base
	@$(BIN)/python scripts/compile_messages.py
	@touch $@

.PHONY: assets
assets: | $(BIN)/uv
	@mkdir -p var
	@$(BIN)/python scripts/fetch_assets.py

.PHONY: setup
setup: $(VENV)/.base $(VENV)/.messages assets

.PHONY: setup-dev
setup-dev: $(VENV)/.dev $(VENV)/.messages assets

# --- use --------------------------------------------------------------------------------------------------------

.PHONY: start
start: setup ## Set everything up and serve http://127.0.0.1:8000/ with example content (OPTIONS=127.0.0.1:8001)
	@$(RUN) start $(OPTIONS)

.PHONY: search-server
search-server: setup ## Run a search server for development (needs Maven and a JDK 21; OPTIONS="--nodes 3" for a cluster)
	@$(BIN)/python -m scripts.search_server $(OPTIONS)

# A file of tests stays in one process, because its tests may share what is costly.
# One more than cores: tests wait for servers and browsers, and for their databases.
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
IN_PARALLEL = --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder

.PHONY: test
test: setup-dev ## Run the tests (on DATABASE_URL if set, else SQLite; PYTEST_ARGS="tests/search -k compound" for a part)
	@$(BIN)/pytest $(IN_PARALLEL) $(PYTEST_ARGS)

.PHONY: test-fast
test-fast: setup-dev ## Run the rules that need no browser, server, model or process of their own
	@$(BIN)/pytest $(IN_PARALLEL) -m "not (browser or server or model or process or slow)" $(PYTEST_ARGS)

.PHONY: check
check: setup-dev ## Format, lint, types, templates, migrations, system check, translations, growth of the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/djlint --check templates
	$(BIN)/djlint --lint --quiet templates
	$(RUN) makemigrations --check --dry-run --verbosity 0
	$(RUN) check --fail-level WARNING
	SECRET_KEY=$$(printf 'k%.0s' {1..60})abcdefgh ALLOWED_HOSTS=example.org BASE_URL=https://example.org \
	  $(RUN) check --deploy --fail-level ERROR --settings config.settings.production
	$(BIN)/python scripts/check_messages.py
	$(BIN)/python scripts/check_tests.py

.PHONY: format
format: setup-dev ## Format code and templates
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint --reformat --quiet templates

.PHONY: messages
messages: setup-dev ## Collect new texts for translation (needs GNU gettext)
	$(BIN)/python scripts/collect_messages.py

.PHONY: screenshots
screenshots: setup-dev ## Take the screenshots of the README with example content
	$(BIN)/python scripts/screenshots.py

.PHONY: bench
bench: setup-dev ## Measure speed against stated baselines (takes minutes)
	$(BIN)/python bench/run.py

.PHONY: lock
lock: | $(BIN)/uv ## Pin the dependencies again with hashes
	for name in requirements requirements-dev requirements-setup; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --custom-compile-command "make lock" $$name.in -o $$name.txt || exit 1; done

.PHONY: clean
clean: ## Remove what set-up and running made, example content included
	rm -rf $(VENV) var node_modules site/static/vendor
