#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What tracing costs a job. Two steps, as the machine with the GPU may have no compiler:
#   bench/gpu/trace_cost.sh build DIR          needs nvcc, g++; makes DIR/launches, floor.so, states.so,
#                                              launch_states, pm_cost
#   bench/gpu/trace_cost.sh run DIR ASSAY [ROUNDS]   needs a GPU and CUPTI; prints a table
# Each round runs every variant once, one after the other, so that drift hits them alike; the figures
# are medians over the rounds (7) of the difference to the plain run of the same round.
# CUPTI=FILE names the library (else the tracer searches, and the floor loads libcupti.so.13);
# MODES="tiny gemm graph" chooses the jobs, VARIANTS="trace sample" what is done to them. The launching thread stays on processor LAUNCH_CPU (4).
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)

build() {
  mkdir -p "$1"
  nvcc=$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)
  "$nvcc" -O2 -std=c++17 -arch=sm_90 -cudart static "$root/bench/gpu/launches.cu" -o "$1/launches"
  g++ -std=c++23 -O2 -shared -fPIC -fvisibility=hidden -static-libstdc++ -static-libgcc \
    -I"$root/src" "$root/bench/gpu/floor_injector.cpp" -o "$1/floor.so"
  "$nvcc" -O2 -std=c++20 -arch=sm_90 -cudart static "$root/bench/gpu/launch_states.cu" -o "$1/launch_states"
  g++ -std=c++23 -O2 -shared -fPIC -fvisibility=hidden -static-libstdc++ -static-libgcc \
    -I"$root/src" "$root/bench/gpu/cupti_states.cpp" -o "$1/states.so"
  # The microscope's, from the libraries that `make build` made.
  libraries="$root/build/release/src/assay"
  g++ -std=c++23 -O2 -I"$root/src" "$root/bench/gpu/pm_cost.cpp" \
    "$libraries/probe/pm/libassay_probe_pm.a" "$libraries/sample/libassay_sample.a" \
    "$libraries/base/libassay_base.a" "$root/build/release/libassay_fmt.a" -ldl -pthread \
    -static-libstdc++ -static-libgcc -o "$1/pm_cost"
}

count_of() {
  case $1 in tiny) echo 300000 ;; gemm) echo 5000 ;; graph) echo 400 ;; esac
}

# one VARIANT MODE: prints microseconds a launch and MiB.
one() {
  job="$dir/launches $2 $(count_of "$2")"
  case $1 in
    plain) $job ;;
    floor) CUDA_INJECTION64_PATH=$dir/floor.so $job ;;
    floor-all) FLOOR_KINDS=cmps CUDA_INJECTION64_PATH=$dir/floor.so $job ;;
    registered) STATES_CUPTI=${CUPTI:-libcupti.so.13} CUDA_INJECTION64_PATH=$dir/states.so $job ;;
    meter) "$assay" run --no-trace -- $job 2>>"$log" ;;
    trace) "$assay" run -- $job 2>>"$log" ;;
    trace-kernels) ASSAY_TRACE_KINDS= "$assay" run -- $job 2>>"$log" ;;
    sample) "$assay" run --sample -- $job 2>>"$log" ;;
    sample-kernels) ASSAY_TRACE_KINDS= "$assay" run --sample -- $job 2>>"$log" ;;
    graph-level) "$assay" run --graph-level -- $job 2>>"$log" ;;
  esac | awk '/^launches / { print $3, $4 }'
}

median() { sort -g | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR+1)/2] : (v[NR/2] + v[NR/2+1]) / 2 }'; }

run() {
  dir=$(cd "$1" && pwd)
  assay=$2
  rounds=${3:-7}
  log=$dir/reports.txt
  : >"$log"
  export LAUNCH_CPU="${LAUNCH_CPU:-4}"
  if [ -n "${CUPTI:-}" ]; then export ASSAY_CUPTI="$CUPTI" FLOOR_CUPTI="$CUPTI"; fi
  variants=${VARIANTS:-floor floor-all registered meter trace trace-kernels sample}
  echo "| job | variant | us a launch or step | more than plain, us | % | resident, MiB more |"
  echo "|---|---|---|---|---|---|"
  for mode in ${MODES:-tiny gemm graph}; do
    [ $mode = graph ] && variants=${VARIANTS:-$variants graph-level}
    rm -f "$dir"/us.* "$dir"/more.* "$dir"/mib.*
    for round in $(seq "$rounds"); do
      set -- $(one plain $mode)
      plain=$1 mib=$2
      echo "$plain" >>"$dir/us.plain"
      for variant in $variants; do
        set -- $(one "$variant" $mode)
        echo "$1" >>"$dir/us.$variant"
        echo "$1 $plain" | awk '{ print $1 - $2 }' >>"$dir/more.$variant"
        echo "$2 $mib" | awk '{ print $1 - $2 }' >>"$dir/mib.$variant"
      done
    done
    base=$(median <"$dir/us.plain")
    printf '| %s | plain | %.3f | | | |\n' $mode "$base"
    for variant in $variants; do
      more=$(median <"$dir/more.$variant")
      printf '| %s | %s | %.3f | %+.3f | %+.2f | %+.1f |\n' $mode "$variant" \
        "$(median <"$dir/us.$variant")" "$more" "$(awk "BEGIN { print 100 * $more / $base }")" \
        "$(median <"$dir/mib.$variant")"
    done
  done
  echo
  echo "Losses named in the reports ($log):"
  grep -h "missing: kernels" "$log" | sort | uniq -c || echo "  none"
}

case ${1:-} in
  build) build "$2" ;;
  run) shift; run "$@" ;;
  *) sed -n '3,10p' "$0"; exit 2 ;;
esac
