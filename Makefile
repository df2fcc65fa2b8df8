# Two commands for everybody: `make run` and `make test`. `make help` lists the rest.
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help set-up run demo office test check format openapi lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

set-up: ## Set up .venv (every command does this when it is needed)
	@scripts/set_up.sh

run: set-up ## Start everything with the demonstration city (Ctrl-C stops it)
	@exec $(BIN)/python -m scripts.run $(ARGS)

demo: set-up ## Walk the whole journey against the running system, told in Chinese
	@$(BIN)/python -m scripts.demo $(ARGS)

office: set-up ## What the office does by command line: make office ARGS="--help"
	@$(BIN)/python -m scripts.office $(ARGS)

check: set-up ## Lint, types, import contracts, city data, stale files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m scripts.check_city
	$(BIN)/python -m scripts.openapi --check

test: check ## Check, then run every test
	@scripts/set_up.sh test
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

format: set-up ## Format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: set-up ## Write backend/openapi.json anew
	$(BIN)/python -m scripts.openapi

lock: set-up ## Renew the locked versions with their hashes
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-emit-index-url \
		--no-emit-find-links -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --extra dev --no-header \
		--no-emit-index-url --no-emit-find-links -c requirements.txt -o requirements-dev.txt pyproject.toml

clean: ## Remove what make built; the data in .data/ stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
