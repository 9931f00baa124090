# make run                     install, then sort a sample library before your eyes
# make run VIDEOS=~/TikToks    install, then run the service on that folder until Ctrl-C
# make test                    install, then ruff, mypy, import-linter and all tests
# make test-fast               the same without the slow tests, about a minute
# make example               write config.example.yaml and the reference pages from the schema and the parser
# make docs                  build the documentation in site/; `python3 -m http.server -d site` shows it
# make torture                 the long proof that nothing is lost; ARGS='--only kills --seed 3' for some of it

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: run test test-fast torture example pictures docs lint clean supported
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp
ifdef VIDEOS
	$(BIN)/sorterd --videos "$(VIDEOS)" run
else
	$(BIN)/sorterd demo demo-library
endif

test: lint
	$(BIN)/python -m pytest -n auto --dist worksteal

test-fast: lint
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow"

torture: $(VENV)/test.stamp
	$(BIN)/python -m torture $(ARGS)

example: $(VENV)/test.stamp
	$(BIN)/python -m sorterd.config.make_example > config.example.yaml
	$(BIN)/python -m tools.make_reference

pictures: $(VENV)/test.stamp
	$(BIN)/python -m tools.make_pictures

docs: $(VENV)/test.stamp
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# PyTorch has no builds of 2.6 and later for Intel Macs, and pip would only say that it finds no version.
supported:
	@test "$$(uname -sm)" != "Darwin x86_64" || { \
	  echo "sorterd needs PyTorch 2.6 or later, which is not made for Macs with an Intel processor." >&2; exit 1; }

$(VENV)/run.stamp: pyproject.toml | supported
	@echo "1/2 Creating the virtual environment $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "2/2 Installing sorterd and its libraries into it; the first time that is minutes, as PyTorch is large"
	@$(BIN)/pip install --disable-pip-version-check --progress-bar on --editable '.[embedded,web]'
	touch $@

$(VENV)/test.stamp: pyproject.toml | supported
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[embedded,web,dev]'
	touch $@

clean:
	rm -rf $(VENV) demo-library site
