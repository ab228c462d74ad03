# Two commands do everything on a new machine: make demo, make test. On Windows use the uv lines of the README.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
UV := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)

.PHONY: setup demo test test-all bench lint docs lock audit clean

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
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/vulture
	$(BIN)/python -m scripts.make_docs --check

bench: setup
	$(BIN)/python -m benchmarks

docs: setup
	$(BIN)/python -m scripts.make_docs

lock:
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --extra local --extra login --group dev --output-file requirements.lock pyproject.toml

# A list of all that is installed (SBOM, CycloneDX) and the known weaknesses of it; the tools are no dependencies of ours.
AUDIT = $(UV) tool run --quiet pip-audit@2.10.1 --require-hashes --disable-pip --progress-spinner off --requirement requirements.lock
SBOM = $(UV) tool run --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py requirements --pyproject pyproject.toml

audit: setup
	@mkdir -p build && rm -f build/sbom.json build/audit.json
	@$(SBOM) --output-file build/sbom.json requirements.lock 2> build/audit.log \
		|| { echo "The tools of make audit cannot be fetched or run; build/audit.log says why." >&2; exit 2; }
	@$(AUDIT) --format json --output build/audit.json 2>> build/audit.log || true
	@$(BIN)/python -m scripts.weaknesses build/audit.json

clean:
	rm -rf $(VENV) build .pytest_cache .ruff_cache .hypothesis
