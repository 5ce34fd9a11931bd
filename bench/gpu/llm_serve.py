#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real decode loop (Llama-3.1-8B shape, bf16, random weights, one CUDA graph a step) that tells of
itself at /metrics by the names that vLLM has, so that `assay --engine` can be tried without one:

    bench/gpu/llm_serve.py --port 8123 --phases 1x512,32x1024,32x1024+20 --seconds 12

A phase is batch x context, +N for N ms that the host sleeps after each step. At its end it prints
what it counted by itself, with NVML's energy counter. --dry-run: tiny shapes on a CPU. There are no
prompts: it has no time to the first token to tell."""
import argparse
import http.server
import os
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
MODEL = "meta-llama/Llama-3.1-8B"
BLOCK = 16


class Counts:
    """What the loop has done; read by the server's thread."""

    def __init__(self):
        self.batch = self.context = self.tokens = self.capacity = 0
        self.waited = 0.0

    def text(self):
        labels = f'{{engine="0",model_name="{MODEL}"}}'
        used = self.batch * self.context / max(self.capacity, 1)
        lines = []
        for name, kind, value in (
                ("num_requests_running", "gauge", self.batch),
                ("num_requests_waiting", "gauge", 0),
                ("kv_cache_usage_perc", "gauge", used),
                ("generation_tokens_total", "counter", self.tokens),
                ("inter_token_latency_seconds_sum", None, self.waited),
                ("inter_token_latency_seconds_count", None, self.tokens)):
            if kind:
                lines.append(f"# TYPE vllm:{name} {kind}")
            lines.append(f"vllm:{name}{labels} {value}")
        lines.append(f'vllm:cache_config_info{{block_size="{BLOCK}",num_gpu_blocks='
                     f'"{self.capacity // BLOCK}"}} 1')
        return "\n".join(lines) + "\n"


def serve(counts, port):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            found = self.path == "/metrics"
            body = counts.text().encode() if found else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def phase(bench, model, pool, counts, word, seconds):
    import torch
    from llm import attention
    from llm.clock import Graph
    shape, _, pause = word.partition("+")
    batch, context = (int(n) for n in shape.split("x"))
    cache = pool.cache(model.shape, batch, context)
    tokens = torch.randint(0, model.shape.vocab, (batch,), device=bench.device)
    backends = attention.decode_backends(bench, batch, model.shape.kv_heads)
    graphs = {name: Graph(lambda _, name=name: model.decode(tokens, cache, None, name))
              for name in backends}
    graph = min(graphs.values(), key=lambda g: g.seconds())
    wait = torch.cuda.synchronize if torch.cuda.is_available() else lambda: None
    counts.batch, counts.context = batch, context
    counts.capacity = pool.flat.numel() // (model.shape.kv_elements * model.shape.layers)
    print(f"ready {word}", flush=True)
    begin = last = time.perf_counter()
    joules = 0 if bench.dry else bench.board.joules()
    first = counts.tokens
    while last - begin < seconds:
        graph.run()
        wait()
        if pause:
            time.sleep(float(pause) / 1e3)
        now = time.perf_counter()
        counts.tokens += batch
        counts.waited += batch * (now - last)
        last = now
    made = counts.tokens - first
    spent = 0 if bench.dry else bench.board.joules() - joules
    print(f"counted {word} tokens_per_second {made / (last - begin):.6g} "
          f"joules_per_token {spent / made:.6g}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--phases", default="32x1024")
    parser.add_argument("--seconds", type=float, default=12, help="of each phase")
    parser.add_argument("--dry-run", action="store_true")
    options = parser.parse_args()
    import torch
    from llm import models, shapes
    from llm.clock import Bench
    from llm.decoder import Decoder
    counts = Counts()
    serve(counts, options.port)
    with torch.inference_mode(), tempfile.NamedTemporaryFile() as rows:
        bench = Bench(rows.name, 1e9, options.dry_run)
        model = Decoder(bench, shapes.tiny(shapes.LLAMA_8B) if options.dry_run else shapes.LLAMA_8B)
        pool = models.Pool(bench, 8 << 30)
        for word in options.phases.split(","):
            phase(bench, model, pool, counts, word, options.seconds)


if __name__ == "__main__":
    main()
