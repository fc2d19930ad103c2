# Tillmate. Every target first makes the virtual environment it needs (.ci/venv.sh); nothing else is to be set up.

VENV = .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready

.DEFAULT_GOAL = help
.PHONY: help run test lint check bench messages lock clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

run: $(READY) ## open the demo shop
	@$(BIN)/tillmate demo

test: $(READY) ## run all tests
	@$(BIN)/pytest

lint: $(READY) ## check format, style, types and imports
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

check: lint test ## all that must pass before a change lands

bench: $(READY) ## measure, each figure beside its baseline
	@$(BIN)/python -m benchmarks

messages: $(READY) ## gather the phrases, bring the catalogues up to date, compile them
	@sh .ci/messages.sh $(BIN)/pybabel

lock: ## pin again what pyproject.toml asks for (UPGRADE=1: the newest of everything)
	@sh .ci/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## remove the virtual environment, caches and built files
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist snapshot_report.html
	@find . -name .git -prune -o -name __pycache__ -prune -exec rm -rf {} +

$(READY): constraints.txt pyproject.toml
	@sh .ci/venv.sh $(VENV)
