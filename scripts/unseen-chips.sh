#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Lays what others published of chips that nothing was fitted to beside `assay plan point`, as a table in
# Markdown: scripts/unseen-chips.sh build/release/bin/assay
set -eu
assay=$1

# what|measured ms|source|arguments; what: ttft or tpot, and "(set)" where a constant was set by this row.
rows='
tpot|9.998|lmdeploy 0.2, 2024|--model llama-2-7b --chip a100-sxm4-80gb --concurrency 1 --in 1 --out 128
tpot|48.78|NVIDIA and others, FP8, 2025|--model llama-3.1-8b --dtype fp8 --chip dgx-spark-gb10 --engine sglang --concurrency 1 --in 2048 --out 128
tpot|25.87|NVIDIA, NVFP4, 2025|--model llama-3.1-8b --dtype fp4 --chip dgx-spark-gb10 --engine trtllm --concurrency 1 --in 2048 --out 128
tpot|12.09|NVIDIA, 2025|--model gpt-oss-20b --chip dgx-spark-gb10 --engine llama.cpp --concurrency 1 --in 2048 --out 128
ttft|5501|ik_llama.cpp PR 259, Q4_K, 2025|--model deepseek-r1 --dtype q4_0 --chip xeon-6980p --engine llama.cpp-cpu --concurrency 1 --in 512 --out 32
tpot (set)|1.333|Groq, 2024|--model llama-2-7b --dtype int8 --chip groq-lpu-v1 --tp 8 --pp 8 --concurrency 1 --in 128 --out 128
tpot|1.333|Cerebras of Groq, 2024|--model llama-3.1-8b --dtype int8 --chip groq-lpu-v1 --tp 8 --pp 8 --concurrency 1 --in 128 --out 128
tpot|3.333|Groq, 2024|--model llama-2-70b --dtype int8 --chip groq-lpu-v1 --tp 8 --pp 72 --concurrency 1 --in 128 --out 128
tpot|2.083|Groq, 2024|--model mixtral-8x7b --dtype int8 --chip groq-lpu-v1 --tp 8 --pp 32 --concurrency 1 --in 128 --out 128
tpot (set)|0.556|Cerebras, 2024|--model llama-3.1-8b --chip wse-3 --concurrency 1 --in 128 --out 128
tpot (set)|2.222|Cerebras, 2024|--model llama-3.1-70b --chip wse-3 --pp 4 --concurrency 1 --in 128 --out 128
tpot|1|d-Matrix, its own claim, 2025|--model llama-3.1-8b --dtype int8 --chip dmatrix-corsair --tp 8 --concurrency 60 --in 128 --out 128
'

echo '| chip | run | what | measured ms | predicted | off | source |'
echo '|---|---|---|--:|--:|--:|---|'
while IFS='|' read -r what measured source arguments; do
  [ -n "$what" ] || continue
  # shellcheck disable=SC2086
  json=$("$assay" plan point $arguments --json)
  key=${what%% *}_ms
  predicted=$(sed -E "s/.*\"$key\":\{[^}]*\"mean\":([0-9.e+-]+).*/\1/" <<<"$json")
  chip=$(sed -E 's/.*--chip ([^ ]+).*/\1/' <<<"$arguments")
  run=$(sed -E 's/--model ([^ ]+)/\1/; s/ --chip [^ ]+//; s/ --in ([0-9]+) --out ([0-9]+)/, \1 in, \2 out/; s/ --(dtype|engine) / /g' <<<"$arguments")
  awk -v c="$chip" -v r="$run" -v w="$what" -v m="$measured" -v p="$predicted" -v s="$source" \
    'BEGIN { printf "| %s | %s | %s | %s | %.4g | %+.0f %% | %s |\n", c, r, w, m, p, 100 * (p / m - 1), s }'
done <<<"$rows"
