# The two commands of the README are `make demo` and `make test`; both work on a bare Debian machine with Swift, git and make.
SWIFT ?= swift
OUT ?= out/demo
MODEL ?= unet
SAMPLES ?= 10
REAL ?= $(wildcard ../shared/data/ljubljana-ms)
LESIONQC = .build/release/lesionqc

FUZZ_INPUTS ?= 1000000
FUZZ_SEED ?= 1

.PHONY: demo test fuzz sanitize build setup validation bench format lint clean

demo: build
	@tools/demo.sh $(LESIONQC) $(MODEL) $(OUT) $(SAMPLES)

test: setup
	$(SWIFT) build -c release --build-tests -Xswiftc -enable-testing
	LESIONQC_PAGE_FOLDER=$(CURDIR)/out/browser $(SWIFT) test -c release -Xswiftc -enable-testing --skip-build
	@tools/browser/run.sh $(LESIONQC)
	@tools/audit/run.sh $(LESIONQC)

# Damaged checkpoints, safetensors files and descriptions; the input being read lies in out/fuzz.
fuzz: setup
	$(SWIFT) build -c release --build-tests -Xswiftc -enable-testing
	LESIONQC_FUZZ_INPUTS=$(FUZZ_INPUTS) LESIONQC_FUZZ_SEED=$(FUZZ_SEED) LESIONQC_FUZZ_FOLDER=out/fuzz \
	  $(SWIFT) test -c release -Xswiftc -enable-testing --skip-build --filter FuzzTests

# The kernels in C and the readers of untrusted bytes under the address and undefined-behaviour sanitizers.
sanitize: setup
	SWIFT=$(SWIFT) tools/sanitize.sh

build: setup
	@$(SWIFT) build -c release --product lesionqc

setup:
	@tools/setup.sh

# Calibrations of the sample models, and the figures of docs/validation.md: hours. REAL names a BIDS folder with reference segmentations.
validation: build
	LESIONQC=$(LESIONQC) REAL=$(REAL) tools/validation/all.sh out/validation

bench: build
	@Benchmarks/run.sh

format:
	$(SWIFT) format --in-place --recursive --configuration .swift-format Sources Tests Package.swift

lint:
	$(SWIFT) format lint --strict --recursive --configuration .swift-format Sources Tests Package.swift
	@tools/lint/run.sh

clean:
	rm -rf .build .build-sanitize out
