# Everything a person does with the kit. `make` alone explains itself.
PYTHON ?= python3
VENV   := .venv
# One thread a process: what is run here runs several.
RUN    := OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1} $(VENV)/bin/python
LOCK   := build/lock
PIP    := -m pip install --quiet --disable-pip-version-check
INSTALL_BUBBLEWRAP = { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install -y bubblewrap && \
	{ apt-get -qq install -y libarchive13 || apt-get -qq install -y libarchive13t64 || true; }; } >/dev/null 2>&1
INSTALL_FOR_TESTS = { test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install -y chromium podman postgresql; } >/dev/null 2>&1
# One line for each package of pip's report: name==version.
PINS = import json, sys; found = [p["metadata"] for p in json.load(open(sys.argv[1]))["install"]]; \
	print(*sorted((m["name"] + "==" + m["version"] for m in found), key=str.lower), sep="\n")
# The tests that need neither torch nor the sandbox.
QUICK := tests/cs231n/datasets/test_registry.py tests/cs231n/handin/test_parse.py \
	tests/cs231n/trials/test_streams.py tests/cs231n/trials/test_wire.py \
	tests/grading/course/test_diff.py tests/grading/course/test_policies.py tests/grading/course/test_settings.py \
	tests/grading/exports/test_outcome.py tests/grading/results \
	tests/grading/report/test_grades_csv.py tests/grading/report/test_pages.py tests/grading/report/test_pictures.py \
	tests/grading/report/test_statistics.py \
	tests/cs231n/handin/test_cells.py tests/test_constraints.py tests/test_speed.py

.DEFAULT_GOAL := help
.PHONY: help demo test .tests test-quick test-long check coverage lab build reference lock clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(VENV)/.run ## Set up, grade the example class, say where the page is
	@rm -rf build/examples
	@$(RUN) -m grading examples build/examples
	@$(RUN) -m grading grade build/examples --out build/demo || { \
		echo "These examples are the kit's own, so they are graded without walls instead:"; \
		$(RUN) -m grading grade build/examples --out build/demo --isolation process; }
	@echo "Open build/demo/report/index.html in a browser."

test: $(VENV)/.dev ## Set up, check types and style, run the tests (minutes)
	@$(MAKE) --no-print-directory -j2 check .tests

.tests: # beside the check, which has one processor's work for half a minute
	@$(RUN) -m pytest -m "not long" -n 2 --dist loadfile --no-loadscope-reorder

test-quick: $(VENV)/.dev ## Run the tests that need neither torch nor the sandbox (half a minute)
	@$(RUN) -m pytest -m "not long" --quick $(QUICK)

test-long: $(VENV)/.dev ## Run the long tests: whole notebooks, attacks, fuzz, browser
	@{ command -v chromium && command -v podman && test -d /usr/lib/postgresql; } >/dev/null || $(INSTALL_FOR_TESTS) || \
		echo "without chromium, podman, PostgreSQL some tests are skipped (Debian, Ubuntu: apt-get install chromium podman postgresql)"
	@$(RUN) -m pytest -m "long and not alone" -n 2 --dist loadfile
	@$(RUN) -m pytest -m "long and alone"

check: $(VENV)/.dev ## Check style, types, and which room imports which
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports

coverage: $(VENV)/.dev ## Run the tests, say which lines they reach (not those that run in the sandbox)
	@mkdir -p build
	@$(RUN) -m pytest -m "not long" -n 2 --dist loadfile --cov --cov-report=term:skip-covered --cov-report=html:build/coverage

lab: $(VENV)/.run ## Open the notebooks as a student sees them
	@JUPYTER_CONFIG_PATH=grading/nbgrader/student $(VENV)/bin/jupyter lab $$(test "$$(id -u)" != 0 || echo --allow-root) notebooks

build: $(VENV)/.run ## Generate the student notebooks, the table of their stubs, and the rubric
	@$(RUN) -m grading build

reference: $(VENV)/.run ## Run the solved notebooks end to end, verify the stored answers
	@$(RUN) -m grading reference

lock: ## Resolve all versions anew, write them to constraints.txt (with Python 3.11)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "what Python 3.11 gets runs on newer ones too; name one: make lock PYTHON=python3.11"; exit 1; }
	@$(LOCK)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(LOCK)
	@$(LOCK)/bin/python $(PIP) --upgrade 'pip>=25.1'
	@$(LOCK)/bin/python $(PIP) --dry-run --ignore-installed --report $(LOCK)/report.json -r requirements.txt --group dev
	@{ grep '^#' constraints.txt; $(LOCK)/bin/python -c '$(PINS)' $(LOCK)/report.json; } > $(LOCK)/constraints.txt
	@mv $(LOCK)/constraints.txt constraints.txt

clean: ## Remove what was made, but not the set-up
	rm -rf build results .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# An environment without pip is one that was made half: without python3-venv, or interrupted.
$(VENV)/.run: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(VENV)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV) || \
		{ echo "$(PYTHON) -m venv does not work here. On Debian and Ubuntu: apt-get install python3-venv. Where $(VENV) is of a Python that is gone: remove it"; exit 1; }
	@echo "setting up $(VENV): about 7 GB, some minutes"
	@$(RUN) $(PIP) -r requirements.txt -c constraints.txt || \
		{ echo "pip could not install the packages, and says why above. The set-up needs a network (or PIP_INDEX_URL, a mirror), 7 GB here and some in TMPDIR; make again goes on"; exit 1; }
	@command -v bwrap >/dev/null || $(INSTALL_BUBBLEWRAP) || \
		echo "bubblewrap is not installed: student code cannot be walled in (Debian, Ubuntu: apt-get install bubblewrap)"
	@touch $@

$(VENV)/.dev: $(VENV)/.run pyproject.toml
	@$(RUN) $(PIP) --upgrade 'pip>=25.1'
	@$(RUN) $(PIP) --group dev -c constraints.txt
	@touch $@
