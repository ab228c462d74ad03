# Two commands do everything on a new machine: make demo, make test. On Windows use the uv lines of the README.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
UV := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)

.PHONY: setup demo test test-all bench lint docs lock clean

setup: $(STAMP)

# A uv on the path is used; otherwise pip brings one into the environment.
$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x "$(UV)" || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup
	@$(BIN)/kg demo

# Files run side by side in at most four processes, each with servers of its own; ARGS="tests/test_merge.py -n 0" runs one alone.
PYTEST = $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadgroup

test: lint
	$(PYTEST) $(ARGS)

# Every fault boundary and two thousand examples of each property: for before a release, an hour or more.
test-all: lint
	KG_TESTS=all $(PYTEST) --timeout 3600 $(ARGS)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/python -m scripts.make_docs --check

bench: setup
	$(BIN)/python -m benchmarks

docs: setup
	$(BIN)/python -m scripts.make_docs

lock:
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --extra local --extra login --group dev --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis
