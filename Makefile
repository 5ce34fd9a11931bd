# SPDX-License-Identifier: Apache-2.0
# Thin: each target is what you would type. `make run` and `make test` do all set-up themselves.
JOBS ?= $(shell nproc)
ARGS ?=
FILES ?=
FUZZ_SECONDS ?= 30
launcher := $(if $(shell command -v ccache 2>/dev/null),-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
configure = cmake --log-level=NOTICE $(launcher) --preset
build = cmake --build --parallel $(JOBS) --preset
ctest = ctest -j$(JOBS) --preset

.PHONY: package bench-plan web screenshots build causes-gpu run test test-gpu setup setup-test setup-dev fmt lint bench fuzz ptx asan tsan clean

# The program alone; `make test` builds the tests too.
build: setup
	@$(configure) release
	@$(build) release --target assay

# Without an accelerator (exit code 3) the recording of a real H100 is shown instead, and a plan.
run: build
	@build/release/bin/assay $(ARGS) || { code=$$?; [ $$code -eq 3 ] && [ -z "$(ARGS)" ] || exit $$code; \
	  echo; build/release/bin/assay replay h100-lab; echo; \
	  build/release/bin/assay plan --model llama-3.1-70b --in 2048 --out 256 --rate 20 --ttft 500ms --tpot 30ms; }

test: setup-test
	@$(configure) release
	@$(build) release
	@$(ctest) release -LE '^gpu$$'
	@scripts/skipped-gpu-tests.sh build/release

test-gpu: setup
	@$(configure) release
	@$(build) release
	@ctest --preset release -L '^gpu$$' --verbose --no-tests=error

# The labelled set on this machine's GPU, into build/labelled: test/causes/README.md.
causes-gpu: build
	@test/causes/record.sh build/release/bin/assay build/labelled

setup:
	@scripts/setup.sh packages.apt
	@scripts/fetch_ftxui.sh .cache || [ $$? -eq 77 ]

setup-test:
	@scripts/setup.sh packages.apt packages-test.apt

setup-dev:
	@scripts/setup.sh packages.apt packages-dev.apt

fmt: setup-dev
	@scripts/sources.sh | xargs clang-format-19 -i

lint: setup-dev
	@$(configure) dev
	@scripts/lint.sh build/dev $(FILES)

bench: setup
	@$(configure) bench
	@$(build) bench
	@set -e; for program in build/bench/bin/*_bench; do $$program $(ARGS); done
	@web/scripts/with-node.sh node test/bench/run.mjs || [ $$? -eq 77 ]

# What assay serve costs beside nvtop, on the same simulated devices.
bench-peers: build
	@scripts/bench-peers.sh build/release/bin/assay build/release/nvtop
	@if command -v python3 >/dev/null; then python3 bench/serve_clients.py build/release/bin/assay; \
	  else echo "serve_clients.py: left out, it needs python3"; fi

# Refits the planner to the tables in DATA and rewrites the evidence; prints nothing but its path.
bench-plan: build
	@scripts/bench-plan.sh build/release/bin/assay "$(DATA)"

fuzz: setup-dev
	@cmake --log-level=NOTICE -S . -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
	  -DCMAKE_CXX_COMPILER=clang++-19 -DASSAY_FUZZ=ON \
	  -DASSAY_SANITIZE=address,undefined,fuzzer-no-link $(launcher)
	@cmake --build build/fuzz --parallel $(JOBS) --target fuzzers
	@set -e; for program in build/fuzz/bin/*_fuzz; do $$program -max_total_time=$(FUZZ_SECONDS); done

ptx: setup
	@$(configure) release
	@cmake --build build/release --target ptx

# The web page from its sources into web/dist, which the program carries.
web: setup-test
	@web/scripts/with-node.sh npm run --silent build

# Pictures of each page, light and dark, into docs/screenshots.
screenshots: setup-test build
	@web/scripts/with-node.sh node test/browser/screenshots.mjs "$(CURDIR)/build/release/bin/assay" "$(CURDIR)/docs/screenshots"

asan: setup-test
	@$(configure) asan-ubsan
	@$(build) asan-ubsan
	@$(ctest) asan-ubsan -LE '^gpu$$'

tsan: setup-test
	@$(configure) tsan
	@$(build) tsan
	@$(ctest) tsan -LE '^gpu$$'

# build/release/assay_*.deb and assay-*.tar.gz
package: setup-test
	@$(configure) release
	@$(build) release --target assay
	@cd build/release && cpack -B .

clean:
	@rm -rf build
