# The two commands of the README are `make demo` and `make test`; both work on a bare Debian machine with Swift, git and make.
SWIFT ?= swift
OUT ?= out/demo
MODEL ?= unet
SAMPLES ?= 10
REAL ?= $(wildcard ../shared/data/ljubljana-ms)
LESIONQC = .build/release/lesionqc
# One set of flags for `make demo` and `make test`, so that neither compiles again what the other has compiled. Tests need
# `-enable-testing`; it costs the program about 1 % of its time (docs/decisions/0029).
FLAGS = -c release -Xswiftc -enable-testing

# Inputs for each reader; minutes for each slow one; number of the first input; one reader by name, all when empty.
FUZZ_INPUTS ?= 1000000
FUZZ_MINUTES ?= 15
FUZZ_SEED ?= 0
FUZZ_READER ?=

.PHONY: demo dist test test-dist test-long fuzz sanitize build setup setup-dicom validation bench format lint clean

demo: build
	@tools/demo.sh $(LESIONQC) $(MODEL) $(OUT) $(SAMPLES)

# Tests run beside each other: threads that wait by spinning would take the cores from them.
test: setup
	$(SWIFT) build $(FLAGS) --build-tests
	LESIONQC_PAGE_FOLDER=$(CURDIR)/out/browser OMP_WAIT_POLICY=passive $(SWIFT) test $(FLAGS) --skip-build
	@tools/browser/run.sh $(LESIONQC)
	@tools/audit/run.sh $(LESIONQC)
	@tools/bids/run.sh $(LESIONQC)
	@tools/slurm/run.sh $(LESIONQC)
	@tools/dicom/run.sh $(LESIONQC)

# The program with all that it links, for machines without root: an archive and a Python wheel (docs/install.md).
dist: build
	@tools/setup.sh binutils patchelf python3
	@rm -rf out/dist
	@python3 tools/dist/make.py $(LESIONQC) . out/dist

# Both of them used, the archive in a bare Debian of this machine's release; six minutes of processor time on two cores.
test-dist: dist
	@tools/dist/test.sh $(LESIONQC) . out/dist

# The program killed at every rename, flush and removal of its commands, of which `make test` tries some of each; the coverage of the
# review cut-off over twenty times as many patients.
test-long: setup
	$(SWIFT) build $(FLAGS) --build-tests
	LESIONQC_EXHAUSTIVE=1 $(SWIFT) test $(FLAGS) --skip-build --filter 'ProcessTests|CutoffCoverageTests'

# Damaged files for every reader. The input being read lies in out/fuzz, its number beside it (READER.seed): FUZZ_SEED goes on from there.
fuzz: setup
	$(SWIFT) build $(FLAGS) --build-tests
	LESIONQC_FUZZ_INPUTS=$(FUZZ_INPUTS) LESIONQC_FUZZ_MINUTES=$(FUZZ_MINUTES) LESIONQC_FUZZ_SEED=$(FUZZ_SEED) \
	  LESIONQC_FUZZ_READER='$(FUZZ_READER)' LESIONQC_FUZZ_FOLDER=out/fuzz \
	  $(SWIFT) test $(FLAGS) --skip-build --no-parallel --filter 'FuzzTests/'

# The kernels in C and the readers of untrusted bytes under the address and undefined-behaviour sanitizers.
sanitize: setup
	SWIFT=$(SWIFT) tools/sanitize.sh

build: setup
	@$(SWIFT) build $(FLAGS) --product lesionqc

setup:
	@tools/setup.sh

# DCMTK, with which LESIONQC_DICOM=1 builds, and what the tests of DICOM objects need.
setup-dicom:
	@tools/setup.sh libdcmtk-dev dcmtk dicom3tools pixelmed-apps orthanc orthanc-dicomweb curl iproute2

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
