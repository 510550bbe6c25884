# Two commands do everything: `make run` and `make test`. Nothing but Python 3.11+ and make is assumed.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := tests/node/node_modules
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test bench chaos pictures lock catalogues clean

run: $(VENV)/.runs
	@TRAINING_DEMO=1 $(BIN)/training serve --prepare

test: $(VENV)/.tests
	@sh tests/system-packages.sh
	@test -e $(NODE)/.package-lock.json || npm ci --silent --prefix tests/node
	@$(BIN)/python -m tests.gate

bench: $(VENV)/.runs
	@$(BIN)/python -m bench $(if $(OUT),--out $(OUT))

# Ten thousand acknowledged answers while connections are cut and the server is killed, on both engines.
chaos: $(VENV)/.tests
	@sh tests/system-packages.sh
	@$(BIN)/python -m tests.chaos

# The pictures of the README, of a demonstration made for them.
pictures: $(VENV)/.tests
	@sh tests/system-packages.sh
	@$(BIN)/python -m tests.browser.pictures

# What the program needs; installed exactly as locked, nothing else.
$(VENV)/.runs: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=/path/to/it")'
	@$(PYTHON) -m venv $(VENV) || { echo "Python lacks venv; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# What the tests need on top of it.
$(VENV)/.tests: $(VENV)/.runs requirements-test.lock
	@$(BIN)/pip install --quiet --require-hashes -r requirements-test.lock
	@touch $@

# After a change of dependencies in pyproject.toml or requirements-test.in (needs uv).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade --extra build -o requirements.lock pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --upgrade -o requirements-test.lock requirements-test.in

# After a change of words in the code: takes them into the five catalogues.
catalogues: $(VENV)/.tests
	$(BIN)/pybabel extract -F pyproject.toml --sort-by-file --add-location=file --no-wrap --omit-header -k lazy -k said -o translations/messages.pot .
	for language in fr es it de; do $(BIN)/pybabel update --omit-header --no-wrap --ignore-obsolete --no-fuzzy-matching -l $$language -i translations/messages.pot -d translations; done

clean:
	rm -rf $(VENV) var build *.egg-info
