# make demo   the shipped record in your browser        make test      everything that must hold, under 15 minutes
# make bench  speed beside what you would use today      make test-all  the slow and rare checks too
# make lint   style, format, types                       make docs      the documentation site, examples executed

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8321

.PHONY: demo test test-all bench docs lint clean

demo: $(VENV)/.installed
	$(BIN)/onrecord demo --port $(PORT)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m "not slow"

test-all: $(VENV)/.installed-dev
	HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed-dev
	$(BIN)/python bench/run.py

docs: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/docs
	$(BIN)/python tools/build_docs.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "onrecord needs Python 3.11 or later; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/bin/python $(VENV)/.tools
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.installed

# The browser, the database server and the readers that the tests use; on Debian and Ubuntu they are installed here.
$(VENV)/.tools: tools/install_test_tools.sh | $(VENV)/bin/python
	sh tools/install_test_tools.sh
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
