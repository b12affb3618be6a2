# One verb per intent.  `make html` and `make test` do all the set-up they
# need with pip (or uv, when it is there); only `make deps` asks for more.

.DEFAULT_GOAL := html
.PHONY: html test check deps page livehtml lint types lock seeds mutants clean help

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
UV := $(shell command -v uv 2>/dev/null)

html: $(READY) ## build the book into build/html
	@$(BIN)/python -m mlsd_sphinx.build html

test: html ## every test that needs pip alone
	$(BIN)/python -m pytest -m "not tools"

check: html lint types ## everything, Debian's tools included
	$(BIN)/python -m pytest

deps: ## Debian packages: the browser that reads the built pages
	.ci/deps

page: $(READY) ## one page with its checks: make page P=day-02
	@$(BIN)/python -m mlsd_sphinx.build page "$(P)"
	$(BIN)/python -m pytest -q --no-header $$(find book -name "$(P)*.md")

livehtml: $(READY) ## serve the book and rebuild what you save
	PYTHONUNBUFFERED=1 $(BIN)/sphinx-autobuild -c . -d build/live-doctrees --port 0 \
	  --watch src --watch conf.py \
	  --ignore "*/__pycache__/*" book build/live

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell

types: $(READY)
	$(BIN)/mypy

lock: $(READY) ## renew requirements.lock
	$(or $(UV),$(BIN)/uv) pip compile pyproject.toml --extra notebook --group book \
	  --group test --group lint --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --upgrade --quiet --output-file requirements.lock

seeds: $(READY) ## every page with twenty other seeds; one: make seeds P=day-06
	@$(BIN)/python -m mlsd_sphinx.build seeds --page "$(P)"

mutants: $(READY) ## change the lesson code, see the tests turn red
	$(BIN)/mutmut run

clean: ## forget everything built, the environment excepted
	rm -rf build mutants

help: ## list the verbs
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | \
	  awk -F ':.*## ' '{printf "%-10s %s\n", $$1, $$2}'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; \
	  sys.exit(not (3, 11) <= v < (3, 14) and \
	  f"Python 3.11 to 3.13 is needed; {sys.version.split()[0]} is here: \
	make PYTHON=python3.13")'
ifneq ($(UV),)
	uv venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	uv pip install --quiet --python .venv --compile-bytecode --require-hashes -r requirements.lock
	uv pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
else
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
endif
	@touch $@
