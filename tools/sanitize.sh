#!/usr/bin/env bash
# The vector kernels in C and the readers of untrusted bytes, with their tests, under the address and undefined-behaviour sanitizers.
# A fault ends the process. 160 s of processor time, build included; what is built lies in .build-sanitize.
#
#   tools/sanitize.sh        LESIONQC_FUZZ_INPUTS: damaged files for each reader, 400 unless said
set -euo pipefail
cd "$(dirname "$0")/.."
swift=${SWIFT:-swift}

# Test targets that hold the suites below; the package is cut down to them and what they need (end of Package.swift).
export LESIONQC_TESTS="VolumesTests JSONTests CheckpointsTests NetworksTests ModelsTests"
# Suites are chosen by how the name of their type begins, in whichever target they are, so that a suite may move. A beginning that
# matches no suite is an error: rename it here together with the suite.
readers=(Hostile Header RoundTrip Writing Checkpoint SafeTensors JSON ModelFolder NNUNetPlans)
damaged=(Fuzz)
kernels=(Convolution RowsConvolution TokenOperation Operation LocalPlan)

# Swift code is instrumented for addresses and leaks and traps on overflow by itself; C code for undefined behaviour, too. Both are
# optimised: unoptimised, the plain loops that kernels are compared with take most of the time.
flags=(--scratch-path .build-sanitize --sanitize=address -Xswiftc -O
  -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined -Xcc -O1)
# What XCTest keeps until the process ends is not ours. Freed memory is kept back up to 16 MB only: the test of damaged files allows
# the process 256 MB.
mkdir -p .build-sanitize
echo "leak:libXCTest.so" >.build-sanitize/not-ours
export LSAN_OPTIONS=suppressions=$PWD/.build-sanitize/not-ours:print_suppressions=0
export ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=16 UBSAN_OPTIONS=print_stacktrace=1
export LESIONQC_FUZZ_INPUTS=${LESIONQC_FUZZ_INPUTS:-400}

"$swift" build --build-tests "${flags[@]}"
listed=$("$swift" test list --skip-build "${flags[@]}")
for beginning in "${readers[@]}" "${damaged[@]}" "${kernels[@]}"; do
  grep -qE "^\w+\.$beginning\w*/" <<<"$listed" || {
    echo "sanitize: no suite of $LESIONQC_TESTS begins with '$beginning'" >&2
    exit 1
  }
done
# Each group in a process of its own: the test of damaged files watches the memory of its process.
for group in "${damaged[*]}" "${readers[*]}" "${kernels[*]}"; do
  "$swift" test --skip-build --no-parallel "${flags[@]}" --filter "^\w+\.(${group// /|})\w*/"
done
