#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# record.sh ASSAY OUT [OPTIONS of record.py]: builds the labelled programs with nvcc, records all of them
# on this machine's GPU, and packs the recordings as test/causes/recordings keeps them.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
assay=$(realpath "$1")
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2
nvcc=$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)
for source in "$here"/programs/*.cu; do
  "$nvcc" -O2 -std=c++17 -arch=sm_90 -cudart static -c "$source" -o "$out/$(basename "$source" .cu).o"
done
"$nvcc" -arch=sm_90 -cudart static "$out"/*.o -o "$out/labelled" -ldl
cd "$out" # so that recordings name ./labelled and no folder of this machine
python3 "$here/record.py" --assay "$assay" --labelled ./labelled --out . "$@"
for recording in *.assay; do zstd -19 -q -f "$recording"; done
