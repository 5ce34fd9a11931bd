#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `assay --engine` beside a real decode loop (llm_serve.py): what each says of the same seconds.
# Usage: engine.sh ASSAY OUT_FOLDER. Takes about two minutes; the loop ends by itself.
set -eu
assay=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
phases="1x512 8x1024 64x1024 128x2048 64x1024+10"
mkdir -p "$out"
timeout 150 python3 "$here/llm_serve.py" --port 8123 --seconds 14 \
  --phases "$(echo "$phases" | tr ' ' ',')" >"$out/loop.log" 2>"$out/loop.err" &
loop=$!
for phase in $phases; do
  until grep -qx "ready $phase" "$out/loop.log"; do
    kill -0 $loop 2>/dev/null || { cat "$out/loop.err" >&2; exit 1; }
    sleep 0.2
  done
  sleep 1
  "$assay" --engine http://127.0.0.1:8123 --window 5s --json >"$out/$phase.json" 2>>"$out/assay.err"
  "$assay" --engine http://127.0.0.1:8123 --window 2s >"$out/$phase.txt" 2>>"$out/assay.err"
done
wait $loop
python3 - "$out" $phases <<'PYTHON'
import json, sys
out, phases = sys.argv[1], sys.argv[2:]
own = {}
for line in open(f"{out}/loop.log"):
    words = line.split()
    if words[0] == "counted":
        own[words[1]] = float(words[3]), float(words[5])
print("phase        tokens/s  its own     off   J/token  its own   $/Mtok   useful  next token  fit off")
for phase in phases:
    snapshot = json.load(open(f"{out}/{phase}.json"))
    engine, device = snapshot["engine"], snapshot["devices"][0]
    rate, joules = engine["generation_tokens_per_second"]["value"], engine["joules_per_token"]["value"]
    decode = device["decode"]
    useful = "unknown" if decode is None else f"{100 * decode['useful']:.1f} %"
    fit = "" if decode is None else f"{100 * (decode['step_s'] / decode['expected_s'] - 1):+.1f} %"
    usd = engine["usd_per_million_tokens"]["value"]
    print(f"{phase:12} {rate:8.0f} {own[phase][0]:8.0f} {100 * (rate / own[phase][0] - 1):+6.2f}% {joules:9.3g} "
          f"{own[phase][1]:8.3g} {'unknown' if usd is None else f'{usd:8.3f}'} {useful:>8} "
          f"{1e3 * engine['next_token_s']['value']:8.3f} ms {fit:>8}  "
          f"{(engine['no_useful_rung_because'] or '')[:60]}")
PYTHON
