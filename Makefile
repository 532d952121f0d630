# Two commands matter: `make demo` shows Tocsin at work, `make test` proves it. `make` alone lists the rest.
PYTHON ?= python3
CASES ?= ../shared/cases
PAYLOADS ?= ../shared/payloads
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python -m
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo serve test lint types unit check-python system docs bench-diagnose bench-worlds bench-collect bench-ingest bench-side-by-side bench-sources bench-crash bench-outages bench-grouping bench-storm lock clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.runtime ## Start Tocsin, filled by failing systems; prints its address and a login
	@$(RUN) tocsin demo $(ARGS)

serve: $(VENV)/.runtime ## Start Tocsin, empty, on its usual data folder
	@$(RUN) tocsin serve $(ARGS)

test: $(VENV)/.dev system lint types ## Set up and prove everything
	$(RUN) pytest -n 2 --dist loadfile $(ARGS)

lint: $(VENV)/.dev ## Style and formatting
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: $(VENV)/.dev ## Types, strictly
	$(RUN) mypy

docs: $(VENV)/.dev ## Make the generated pages of docs/ anew
	$(RUN) docs.generate

bench-diagnose: $(VENV)/.runtime ## Right answers, confidences and milliseconds over CASES=folder
	$(RUN) tocsin case run $(CASES) --labels benchmarks/labels.json $(ARGS)

bench-worlds: $(VENV)/.dev ## The same over the worlds of our own tests
	@folder=$$(mktemp -d) && $(RUN) tests.investigation.suite "$$folder" && $(RUN) tocsin case run "$$folder" $(ARGS); \
	  status=$$?; rm -rf "$$folder"; exit $$status

bench-collect: $(VENV)/.dev ## Seconds and memory from an alert to the report, on a cluster of 5,000 pods
	$(RUN) benchmarks.collect $(ARGS)

bench-ingest: $(VENV)/.dev ## Requests and alerts a second, on a server of its own
	$(RUN) benchmarks.ingest $(ARGS)

bench-side-by-side: $(VENV)/.dev ## The same alerts to an Alertmanager, in memory, and to Tocsin, committed
	$(RUN) benchmarks.side_by_side $(ARGS)

bench-sources: $(VENV)/.dev ## Payloads of vendors understood in PAYLOADS=folder, and bodies that make a source fail
	$(RUN) benchmarks.payloads $(PAYLOADS)
	$(RUN) benchmarks.fuzz_sources $(ARGS)

bench-crash: $(VENV)/.dev ## Kill -9 in turn under load: what was lost or doubled
	$(RUN) benchmarks.crash $(ARGS)

bench-outages: $(VENV)/.dev ## The disk full and the database away: what senders are told (as root)
	$(RUN) benchmarks.outages $(ARGS)

bench-grouping: $(VENV)/.dev ## How well alerts of made-up failures are put into incidents
	$(RUN) benchmarks.grouping $(ARGS)

bench-storm: $(VENV)/.dev ## 50,000 reports in a minute: what opens, what is kept, how pages fare
	$(RUN) benchmarks.storm $(ARGS)

check-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Tocsin needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Say which one: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "This Python can't make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }

$(BIN)/python: | check-python
	@echo "Making the virtual environment in $(VENV) (first time only)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Tocsin needs (first time, and when requirements.lock changes)"
	@$(RUN) pip install --quiet --require-hashes -r requirements.lock
	@$(RUN) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing what the tests need"
	@$(RUN) pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# A browser and an Alertmanager come from the system. Where we may not install them, their tests say that they are skipped.
system:
	@missing=""; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v prometheus-alertmanager >/dev/null || command -v alertmanager >/dev/null || missing="$$missing prometheus-alertmanager"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing$$missing"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing >/dev/null; \
	elif [ -n "$$missing" ]; then echo "Not here:$$missing. Their tests will be skipped."; fi

lock: ## Pin the dependencies anew from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	  pyproject.toml --group dev -o requirements-dev.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	  pyproject.toml --group build -c requirements-dev.lock -o requirements.lock

clean: ## Remove the virtual environment and caches; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
