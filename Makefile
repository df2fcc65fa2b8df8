# Two commands for everybody: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run demo test check format openapi lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: $(READY) ## Start everything with the demonstration city (Ctrl-C stops it)
	@exec $(BIN)/python -m scripts.run $(ARGS)

demo: $(READY) ## Walk the whole journey against the running system, told in Chinese
	@$(BIN)/python -m scripts.demo $(ARGS)

check: $(READY) ## Lint, types, import contracts, city data, stale files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m scripts.check_city
	$(BIN)/python -m scripts.openapi --check

test: check ## Check, then run every test
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

format: $(READY) ## Format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: $(READY) ## Write backend/openapi.json anew
	$(BIN)/python -m scripts.openapi

lock: $(READY) ## Renew the locked versions with their hashes
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-emit-index-url \
		--no-emit-find-links -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --extra dev --no-header \
		--no-emit-index-url --no-emit-find-links -c requirements.txt -o requirements-dev.txt pyproject.toml

clean: ## Remove what make built; the data in .data/ stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
