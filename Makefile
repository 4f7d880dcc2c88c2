# Everything sets up its own environment: Python 3.11 or newer and make are all that is needed.
#   make demo      the worked example: answers of 250 customers become a report
#   make test      the test suite
# Another interpreter: make demo PYTHON=python3.12

PYTHON ?= python3
VENV   ?= .venv
OUT    ?= results/demo
# Tests run in so many processes, each with one thread of linear algebra.
WORKERS ?= 2
BIN    := $(VENV)/bin
TESTS  := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test slow bench lint format types notebooks paper oldest build clean
.DELETE_ON_ERROR:

help:
	@echo "make demo       write the report of the worked example to $(OUT)"
	@echo "make test       run the tests"
	@echo "make slow       run the tests that take long"
	@echo "make bench      run the benchmarks"
	@echo "make lint       check style;  make format mends it"
	@echo "make types      check types"
	@echo "make notebooks  execute the notebooks and keep their outputs"
	@echo "make paper      build the paper"
	@echo "make oldest     run the tests on the oldest versions that pyproject.toml admits"
	@echo "make build      build sdist and wheel into dist/"
	@echo "make clean      remove the environments and everything that was built"

# ---- environment ----------------------------------------------------------------------------------------------------
# Each stamp is newer than pyproject.toml once its packages are in; nothing is installed twice.

$(VENV)/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "lvmodels needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo 'not there')."; \
	  echo "Name another one: make $(firstword $(MAKECMDGOALS)) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/core.stamp: pyproject.toml $(VENV)/venv.stamp
	@echo "Installing the packages that lvmodels needs (about a minute, once) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml $(VENV)/venv.stamp
	@echo "Installing the packages for development (a minute or two, once) ..."
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/core.stamp

# ---- what it is for -------------------------------------------------------------------------------------------------

demo: $(VENV)/core.stamp
	@$(BIN)/lvmodels demo --out $(OUT)

test: $(VENV)/dev.stamp
	@$(TESTS)

# pytest ends with 5 when no test carries the mark; that is no failure.
slow: $(VENV)/dev.stamp
	@$(TESTS) -m slow || test $$? -eq 5

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest -m benchmark || test $$? -eq 5

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

format: $(VENV)/dev.stamp
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(VENV)/dev.stamp
	@$(BIN)/mypy

notebooks: $(VENV)/dev.stamp
	@$(BIN)/python .ci/execute_notebooks.py

paper: $(VENV)/dev.stamp
	@$(BIN)/python paper/build.py

oldest: .venv-oldest/oldest.stamp
	@$(TESTS:$(BIN)/%=.venv-oldest/bin/%)

.venv-oldest/oldest.stamp: pyproject.toml .ci/lower_bounds.py
	@$(PYTHON) -m venv --clear .venv-oldest
	@$(PYTHON) .ci/lower_bounds.py report semopy > .venv-oldest/pins.txt
	@echo "Installing the oldest versions that pyproject.toml admits ..."
	@.venv-oldest/bin/python -m pip --disable-pip-version-check install --quiet --quiet --constraint .venv-oldest/pins.txt --editable '.[dev]'
	@touch $@

build: $(VENV)/dev.stamp
	@$(BIN)/python -m hatchling build

clean:
	rm -rf $(VENV) .venv-oldest dist build results .mypy_cache .pytest_cache .ruff_cache .hypothesis
