# The two commands of the README are `make demo` and `make test`; both work on a bare Debian machine with Swift, git and make.
SWIFT ?= swift
OUT ?= out/demo
MODEL ?= unet
SAMPLES ?= 10
CALIBRATION_PATIENTS ?= 40
TEST_PATIENTS ?= 20
FEATURES ?= peaks
LESIONQC = .build/release/lesionqc

FUZZ_INPUTS ?= 1000000
FUZZ_SEED ?= 1

.PHONY: demo test fuzz build setup validation bench format lint clean

demo: build
	@tools/demo.sh $(LESIONQC) $(MODEL) $(OUT) $(SAMPLES)

test: setup
	$(SWIFT) build -c release --build-tests -Xswiftc -enable-testing
	LESIONQC_PAGE_FOLDER=$(CURDIR)/out/browser $(SWIFT) test -c release -Xswiftc -enable-testing --skip-build
	@tools/browser/run.sh $(LESIONQC)

# Damaged checkpoints, safetensors files and descriptions; the input being read lies in out/fuzz.
fuzz: setup
	$(SWIFT) build -c release --build-tests -Xswiftc -enable-testing
	LESIONQC_FUZZ_INPUTS=$(FUZZ_INPUTS) LESIONQC_FUZZ_SEED=$(FUZZ_SEED) LESIONQC_FUZZ_FOLDER=out/fuzz \
	  $(SWIFT) test -c release -Xswiftc -enable-testing --skip-build --filter FuzzTests

build: setup
	@$(SWIFT) build -c release --product lesionqc

setup:
	@tools/setup.sh

# Calibration and evaluation on phantom cohorts: the figures of docs/validation.md and a calibration.json, in out/validation.
validation: build
	LESIONQC=$(LESIONQC) tools/validation/phantom_cohort.sh sample-data/models/$(MODEL) out/validation/$(MODEL) \
	  $(CALIBRATION_PATIENTS) $(TEST_PATIENTS) $(SAMPLES) $(FEATURES)

bench: build
	@Benchmarks/run.sh

format:
	$(SWIFT) format --in-place --recursive --configuration .swift-format Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict --recursive --configuration .swift-format Sources Tests Package.swift

clean:
	rm -rf .build out
