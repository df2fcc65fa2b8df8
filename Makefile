# Two commands for everybody: `make run` and `make test`. `make help` lists the rest.
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help set-up run demo office keys test faults invariants fuzz canaries bench engines check format pages wechat-checks journey openapi lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

set-up: ## Set up .venv (every command does this when it is needed)
	@scripts/set_up.sh

run: set-up ## Start everything with the demonstration city (Ctrl-C stops it)
	@scripts/front_end.sh run
	@exec $(BIN)/python -m scripts.run $(ARGS)

demo: set-up ## Walk the whole journey against the running system, told in Chinese
	@$(BIN)/python -m scripts.demo $(ARGS)

office: set-up ## What the office does by command line: make office ARGS="--help"
	@$(BIN)/python -m scripts.office $(ARGS)

keys: set-up ## Look after the keys of a running system: make keys ARGS="--help"
	@$(BIN)/python -m scripts.keys $(ARGS)

check: set-up ## Lint, types, import contracts, city data, stale files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m scripts.check_city
	$(BIN)/python -m scripts.openapi --check

test: check ## Check, then run every test, those on servers once more on the system's
	@scripts/set_up.sh test
	@scripts/front_end.sh test
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)
	$(BIN)/python -m scripts.second_leg -n 2 --dist loadfile -m server $(ARGS)

faults: set-up ## Break what can break, under load, and count: make faults ARGS="--help"
	@scripts/set_up.sh test
	@$(BIN)/python -m scripts.faults $(ARGS)

invariants: set-up ## Prove in the running system that nothing was lost and nothing happened twice
	@$(BIN)/python -m scripts.check_invariants $(ARGS)

fuzz: set-up ## Ask the interface what nobody would ask, as each role: make fuzz ARGS="--help"
	@scripts/set_up.sh test
	@scripts/front_end.sh run
	@$(BIN)/python -m scripts.fuzz $(ARGS)

canaries: set-up ## Look for people in clear in the running system's logs, figures and database
	@$(BIN)/python -m scripts.canary_scan $(ARGS)

bench: set-up ## Measure under load, as ratios: make bench ARGS="--help"
	@scripts/set_up.sh bench
	@scripts/front_end.sh run
	@$(BIN)/python -m scripts.bench $(ARGS)

engines: set-up ## Score generated people by every engine and compare: make engines ARGS="--help"
	@scripts/set_up.sh engines
	@$(BIN)/python -m scripts.engines $(ARGS)

format: set-up ## Format and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pages: set-up ## Check, test and build the mini-program, its web page and the console
	@scripts/front_end.sh pages

wechat-checks: ## Try the mini-program's build with WeChat's own compilers and framework
	@scripts/front_end.sh wechat

journey: set-up ## Click through the mobile web page on two phones, and through the console
	@scripts/set_up.sh journey
	@scripts/front_end.sh journey

openapi: set-up ## Write backend/openapi.json anew
	$(BIN)/python -m scripts.openapi

lock: set-up ## Renew the locked versions with their hashes
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-emit-index-url \
		--no-emit-find-links -o requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --extra dev --no-header \
		--no-emit-index-url --no-emit-find-links -c requirements.txt -o requirements-dev.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --extra spark --no-header \
		--no-emit-index-url --no-emit-find-links -c requirements.txt -o requirements-spark.txt pyproject.toml

clean: ## Remove what make built; the data in .data/ stays
	rm -rf miniprogram/node_modules miniprogram/wechat-checks/node_modules miniprogram/dist admin/node_modules admin/dist .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
