# Every target does its own set-up: clone, then `make run` or `make test`.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
TEMPLATES := admin/templates tracker/reminders/templates
PORT ?= 8000
# the processes that tests start find their modules compiled, also where an image forbids it for its own sake
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: run
run: ## Start the tracker with a sample plan; Ctrl-C stops it
	@scripts/setup run
	@exec $(BIN)/tracker up --sample --port $(PORT)

.PHONY: demo
demo: ## Play the sample plan through a fiscal year into out/
	@scripts/setup run
	@$(BIN)/tracker demo --out out

.PHONY: test
test: check ## Run the checks and every test
	@scripts/setup chromium
	@scripts/setup readers
	@echo "Unit tests, with their coverage of the rules …"
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest tests/unit -q --no-header -n 2 --dist worksteal
	@$(BIN)/coverage combine --quiet
	@total=$$($(BIN)/coverage report --format=total) && echo "$$total % of the rules' lines are covered" \
		|| { $(BIN)/coverage report; exit 1; }
	@echo "All other tests …"
	@scripts/once-more tests --ignore=tests/unit -q --no-header -n 3 --dist loadfile --no-loadscope-reorder \
		--durations=15

.PHONY: unit
unit: ## Run only the unit tests
	@scripts/setup dev
	@$(PYTEST) tests/unit -q --no-header -n 2 --dist worksteal

.PHONY: check
check: ## Formatting, lints, types and import direction
	@scripts/setup dev
	@echo "Formatting, lints, types, import direction …"
	@$(BIN)/ruff format --quiet --check . || { echo "Type \`make format\`." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/djlint --quiet --check $(TEMPLATES) || { echo "Type \`make format\`." >&2; exit 1; }
	@! LC_ALL=C.UTF-8 grep -rnE --include='*.html' '^.{161,}' $(TEMPLATES) || { echo "Over 160 characters." >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(PYTEST) tests/test_layers.py -q --no-header

.PHONY: pictures
pictures: ## Make the pictures of the manuals and the README anew
	@scripts/setup chromium
	@$(BIN)/python scripts/pictures.py

.PHONY: format
format: ## Format code and templates and fix what the linter can
	@scripts/setup dev
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djlint --quiet --reformat $(TEMPLATES) || true

.PHONY: catalogues
catalogues: ## Bring new words of code and templates into the Thai catalogue
	@scripts/setup dev
	@$(BIN)/python -m admin.translations.catalogues update

.PHONY: bench
bench: ## Measure import, schedule, sweep, pages and reports beside their floors
	@scripts/setup dev
	@$(BIN)/python -m benchmarks

.PHONY: chaos
chaos: ## Kill, flush and restart everything, cut the power (root, Linux; about 20 minutes)
	@scripts/setup dev
	@$(PYTEST) tests/chaos/chaos_long.py tests/chaos/power_long.py -q --no-header -s

.PHONY: soak
soak: ## Play a year of 200 agencies under faults beside one without: lost, doubled, late (an hour for each database)
	@scripts/setup dev
	@$(PYTEST) tests/chaos/soak_long.py -q --no-header -s -p no:xdist --timeout=0

.PHONY: fuzz
fuzz: ## Read 20,000 mutated plans, ask 25,000 odd requests: no crash, no wrong date in silence (some minutes)
	@scripts/setup dev
	@$(PYTEST) tests/unit/plan_import/fuzz_long.py tests/admin/access/fuzz_long.py -q --no-header -p no:xdist --timeout=0

.PHONY: fresh
fresh: ## Try `make run` and `make test` in a fresh Debian 13 made by debootstrap (root)
	@scripts/fresh

.PHONY: lock
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --group build pyproject.toml
lock: ## Renew the lock files from pyproject.toml (names, versions, hashes)
	@scripts/setup dev
	@$(BIN)/python -m pip install --quiet uv
	$(LOCK) -o requirements.lock
	$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock

.PHONY: clean
clean: ## Remove what builds and tests left (never your data)
	rm -rf .venv build dist out .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
