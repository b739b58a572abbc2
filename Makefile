# Every command a newcomer needs; `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
SERVE ?= 1
VENV := .venv
BIN := $(VENV)/bin
ATTACK := .venv-attack

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: demo
demo: $(VENV)/.installed ## Set up, load the demo network, write its report in out/, serve on 127.0.0.1:5000 (SERVE=0: files only)
	$(BIN)/ramsess demo $(if $(filter 0,$(SERVE)),--no-serve)

.PHONY: test
test: $(VENV)/.installed-test system-packages ## Set up and pass every check and test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist worksteal $(CRAWLS)
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered --cov-fail-under=95 $(CRAWLS:%=--ignore=%)
	$(BIN)/coverage report --skip-covered --fail-under=100 --include='$(SURE)'
# What goes through everything, by thousands of requests or records, or reads files back: watched, it
# would take twice as long.
CRAWLS := tests/attack tests/browser \
	$(addprefix tests/security/,controls database matrix test_audit_routes.py) \
	$(addprefix tests/security/canary/,test_canary.py test_controls.py test_logbook.py) \
	$(addprefix tests/counting/,test_against_recount.py test_order.py) tests/duplicates \
	tests/quick/test_phrases.py tests/security/test_erasure.py tests/security/test_form_tokens.py \
	tests/reliability/test_embedded_database.py tests/actions/test_history.py \
	tests/disclosure/test_random.py tests/interface/test_description.py \
	$(addprefix tests/sealing/,test_alterations.py test_reproducible.py) \
	tests/counting/test_behind.py $(addprefix tests/reports/test_,agreement.py same_bytes.py)
# What may not have a line untested: counting, who may see what, workbooks.
SURE := */ramsess/policy.py,*/ramsess/exchange/*,*/ramsess/reports/facts.py,*/ramsess/reports/fact_columns.py,*/ramsess/reports/columns.py,*/ramsess/reports/lists.py,*/ramsess/reports/tables/*,*/ramsess/reports/consolidation.py

.PHONY: whole
whole: $(VENV)/.installed-test system-packages ## Everybody tries everything: all of the matrix, the canaries and the planted faults
	RAMSESS_WHOLE=1 $(BIN)/pytest -n auto --dist worksteal -rP $(CRAWLS)

.PHONY: bench
bench: $(VENV)/.installed-test ## Measure speed against peers and limits
	$(BIN)/python -m benchmarks

.PHONY: attack
attack: $(VENV)/.installed-test $(ATTACK)/.installed ## Attack it on this machine: 50,000 hostile requests, then wapiti and sqlmap, signed in
	RAMSESS_ATTACK=50000 $(BIN)/pytest -s tests/attack
	$(ATTACK)/bin/python scripts/attack

.PHONY: lock
lock: $(VENV)/.installed ## Choose dependencies anew and lock them with hashes
	$(BIN)/pip install --quiet uv
	echo setuptools | $(BIN)/uv pip compile $(LOCK) - -o requirements/build.txt
	$(BIN)/uv pip compile $(LOCK) setup.cfg -o requirements/run.txt
	printf 'wapiti3\nsqlmap\n' | $(BIN)/uv pip compile $(LOCK) - -o requirements/attack.txt
	$(BIN)/uv pip compile $(LOCK) setup.cfg --extra test -c requirements/run.txt -o requirements/test.txt
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

.PHONY: messages
messages: $(VENV)/.installed ## Compile the command line's French messages
	$(BIN)/pybabel --quiet compile -D ramsess -d ramsess/translations

.PHONY: system-packages
system-packages:
	@scripts/system-packages chromium libreoffice-calc-nogui

.PHONY: clean
clean: ## Remove the environment and the built files; instance/ is kept
	rm -rf $(VENV) $(ATTACK) out build *.egg-info .pytest_cache .mypy_cache .ruff_cache

$(VENV)/bin/python:
	@scripts/make-venv $(PYTHON) $(VENV)

# Wheels only; Flask-Principal, published as source alone, is built with the locked setuptools. The
# lock is complete: pip chooses nothing, so no later release of anything can make it fail.
INSTALL := $(BIN)/python -m pip install --quiet --no-build-isolation --no-deps
LOCKED := $(INSTALL) --require-hashes --only-binary :all: --no-binary flask-principal --use-pep517

$(VENV)/.installed: requirements/build.txt requirements/run.txt setup.cfg $(VENV)/bin/python
	$(LOCKED) -r requirements/build.txt
	$(LOCKED) -r requirements/run.txt
	$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-test: requirements/test.txt $(VENV)/.installed
	$(LOCKED) -r requirements/test.txt
	@touch $@

# Apart: what attacks must not share its libraries with what is attacked. Some are published as
# source alone, and are built with the locked setuptools.
$(ATTACK)/.installed: requirements/build.txt requirements/attack.txt
	@scripts/make-venv $(PYTHON) $(ATTACK)
	$(ATTACK)/bin/python -m pip install --quiet --no-deps --require-hashes -r requirements/build.txt
	$(ATTACK)/bin/python -m pip install --quiet --no-deps --require-hashes --no-build-isolation \
		--use-pep517 --prefer-binary -r requirements/attack.txt
	@touch $@
