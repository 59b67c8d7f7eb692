# `make run` and `make test` install what they need on a bare Debian 12 and then do it.
.PHONY: run test prove test-kernel test-machine deb bench fuzz mutants coverage lint screenshots catalogues table lock clean install install-test

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
RUN_PACKAGES := python3-venv libgl1 libegl1 libmtdev1 libfribidi0 xvfb
TEST_PACKAGES := $(RUN_PACKAGES) xdotool openssl tesseract-ocr tesseract-ocr-nor \
    tesseract-ocr-pol tesseract-ocr-ukr tesseract-ocr-ara postgresql systemd
MACHINE_PACKAGES := qemu-system-x86 qemu-utils qemu-user-static busybox-static cpio kmod udev usbip \
    e2fsprogs mmdebstrap swtpm
# One more than CI has cores: many tests wait for a cable, a time-out or a process.
WORKERS ?= 3

run: install
	$(BIN)/kiosk run --demo

test: lint
	$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

lint: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The long walks and counted kills of `make test` at their full number: some of them take many minutes.
prove: install-test
	PROVE=1 $(BIN)/pytest -n $(WORKERS) --dist loadfile -m prove

bench: install-test $(VENV)/.bench
	$(BIN)/python -m tests.bench

# A million random and mutated inputs for each driver; FUZZ_INPUTS=… for another number.
fuzz: install-test
	$(BIN)/python -m tests.fuzz

# Every rule of tests/mutants/rules.toml damaged in every small way: does a test notice? MUTANTS="weighing
# identity" for some modules, MUTANTS="--sample 50" for some mutants of each.
mutants: install-test $(VENV)/.quality
	nice -n 10 $(BIN)/python -m tests.mutants $(MUTANTS)

# The whole suite once more, measured: which branches no test takes. Figures: CONTRIBUTING.md.
coverage: install-test $(VENV)/.quality
	$(BIN)/python -m tests.branches $(COVERED)

# The unchanged links and printers against a real kernel, in QEMU without KVM: about two minutes.
test-kernel: install-test
	@.ci/system-packages qemu-system-x86 busybox-static cpio kmod udev usbip
	$(BIN)/python -m tests.kernel

# The Debian packages, one for each release and architecture, in dist. DEB="--release 13" for one of them.
deb: install-test
	$(BIN)/python -m assets.package --arch amd64 arm64 $(DEB)

# Bare Debians are booted, the package is installed as its page says, and the station is used. With KVM
# where it works, else without: then half an hour a release. MACHINE="--release 12 --tcg --fault all" …
test-machine: install-test
	@.ci/system-packages $(MACHINE_PACKAGES)
	$(BIN)/python -m tests.machine $(MACHINE)
	$(BIN)/python -m tests.machine.arm

# Every page in every state, three sizes, two languages, both looks: build/screens. The ones that the
# documents show, and the slip in every language: docs/pictures.
screenshots: install-test
	$(BIN)/python -m tests.ui.pictures

# The catalogues of the screen, the slip and the commands: new texts are added to each, to be
# translated by hand.
catalogues: install-test
	$(BIN)/python -m tests.catalogues

# The README's table of devices and docs/devices.md, from the driver records.
table: install-test
	$(BIN)/python -m drivers.table README.md docs/devices.md

install: $(VENV)/.run
install-test: $(VENV)/.test

# The lock files pin every package with its hash and are whole, so nothing is looked for beside them.
$(VENV)/.run: assets/locks/run.txt pyproject.toml
	@.ci/system-packages $(RUN_PACKAGES)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r assets/locks/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

$(VENV)/.test: assets/locks/test.txt pyproject.toml tests/node/package-lock.json
	@.ci/system-packages $(TEST_PACKAGES)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r assets/locks/test.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
	PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/npm ci --prefix tests/node --silent --no-fund --no-audit --ignore-scripts
	@touch $@ $(VENV)/.run

# The libraries the benchmarks compare with; nothing of the station needs them.
$(VENV)/.bench: assets/locks/bench.txt $(VENV)/.test
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r assets/locks/bench.txt
	@touch $@

# What judges the tests; neither the station nor the tests need it.
$(VENV)/.quality: assets/locks/quality.txt $(VENV)/.test
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r assets/locks/quality.txt
	@touch $@

# Writes the lock files anew from pyproject.toml; run it when a dependency changes.
lock: install-test
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	    --python-version 3.11 --extra postgresql -o assets/locks/station.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	    --python-version 3.11 --extra demo --extra build -o assets/locks/run.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	    --python-version 3.11 --extra test --extra build -o assets/locks/test.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	    --python-version 3.11 --extra test --extra bench --extra build \
	    -o assets/locks/bench.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	    --python-version 3.11 --extra test --extra quality --extra build \
	    -o assets/locks/quality.txt pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
