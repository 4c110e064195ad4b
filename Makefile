# copydesk: `make run` and `make test` do all set-up; nothing but Python 3.11 and make is needed.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
DATA ?= ../shared/bench
KILLS ?= 100
SEED ?= 1
FIGURES ?= build/bench.json

.PHONY: help run test lint quality bench capacity prism cluster cluster-stop chaos soak image lock wheel clean

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "%-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp  ## the main job on sample_input/, into out/
	rm -rf out
	$(BIN)/copydesk run --input sample_input --output out

test: lint  ## everything CI checks: lint, types, tests, the built wheel
	@$(BIN)/python -m runners.cluster prism || echo "No Prism: tests on it skip"
	$(BIN)/python -m pytest -n auto --ignore tests/cluster
	$(BIN)/python -m pytest tests/cluster
	$(MAKE) --no-print-directory wheel

lint: $(VENV)/test.stamp  ## ruff and mypy
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

quality: $(VENV)/test.stamp  ## quality figures on labelled data: make quality DATA=…
	$(BIN)/python -m benchmarks.quality --data $(DATA) --out build/quality

bench: $(VENV)/test.stamp  ## throughput against a trafilatura loop and bare parsing: make bench DATA=…
	$(BIN)/python -m benchmarks.throughput --data $(DATA)

prism: $(VENV)/run.stamp  ## build Prism, Beam's local streaming runner (needs Go)
	@$(BIN)/python -m runners.cluster prism

cluster: $(VENV)/run.stamp  ## a Flink cluster and a Kafka broker on this machine (needs Java 17, Maven)
	@$(BIN)/python -m runners.cluster start

cluster-stop: $(VENV)/run.stamp  ## stop them
	@$(BIN)/python -m runners.cluster stop

capacity: $(VENV)/test.stamp  ## what a run needs and costs, out of make bench's figures: make capacity FIGURES=…
	@$(BIN)/python -m benchmarks.capacity_page --figures $(FIGURES)

chaos: $(VENV)/test.stamp  ## kill parts of a streaming run on Flink at random: make chaos KILLS=100 SEED=1
	$(BIN)/python -m tests.cluster.chaos --kills $(KILLS) --seed $(SEED)

soak: $(VENV)/test.stamp  ## an hour at 50 records a second, with a kill every five minutes
	$(BIN)/python -m tests.cluster.chaos --kills 12 --between 290 310 --rate 50 --window 60 \
	  --once --seed $(SEED)

wheel: $(VENV)/test.stamp  ## build the wheel and run it, installed, from another folder
	PATH="$(abspath $(BIN)):$$PATH" tests/check_wheel.sh

image: $(VENV)/test.stamp prism  ## lint the image, build it without a daemon and run it (Debian, Go)
	PATH="$(abspath $(BIN)):$$PATH" tests/check_image.sh

lock:  ## resolve the versions again (needs uv)
	for group in build dev train; do \
	  name=requirements-$$group.lock; [ $$group = build ] && name=requirements.lock; \
	  uv pip compile --quiet --upgrade pyproject.toml --group $$group --universal \
	    --generate-hashes --python-version 3.11 --no-annotate --no-header -o $$name || exit 1; \
	done
	uv pip compile --quiet pyproject.toml --group build --extra aws --extra gcp --universal \
	  --constraints requirements-dev.lock --generate-hashes --python-version 3.11 \
	  --no-annotate --no-header -o requirements-image.lock

clean:  ## remove what was made
	rm -rf $(VENV) build dist out

# $(1): lock file
ifdef UV
install = $(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
  $(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r $(1) && \
  $(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
install = $(PYTHON) -m venv $(VENV) && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif

$(VENV)/run.stamp: requirements.lock pyproject.toml
	@echo "Setting up $(VENV)"
	@test -f $(VENV)/test.stamp || { $(call install,requirements.lock); }
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock pyproject.toml
	@echo "Setting up $(VENV) for tests"
	@$(call install,requirements-dev.lock)
	@touch $@
