# SPDX-License-Identifier: Apache-2.0
"""Groups that time one operator at a time: copies, launches, GEMMs, attention, experts, norms."""
import time

import torch
import torch.nn.functional as F

from . import attention, kernels, shapes
from . import triton_kernels as tk
from .clock import Graph
from .decoder import FP8, random

MIB = 1 << 20


def copy(bench):
    """`cold` walks over copies of the buffer that exceed every cache; `hot` uses one buffer.
    memcpy is the driver's own (cudaMemcpyAsync), slower in a graph from 512 MiB on; copy is a plain
    kernel that reads and writes; read sums each block."""
    bench_idle(bench)
    for mib in [1, 2] if bench.dry else [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096]:
        size = mib * MIB // 4
        for kind in ("cold", "hot"):
            with bench.point(f"copy {mib} MiB {kind}") as go:
                if not go or (kind == "hot" and mib > 256):
                    continue
                sets = 1 if kind == "hot" else max(1, min(256, 1024 // mib))
                pairs = [torch.rand(2, size, device=bench.device) for _ in range(sets)]
                more = {"calls": max(2, min(256, 1024 // mib)),
                        "power": kind == "cold" and mib == 1024}
                params = {"mib": mib, "kind": kind}
                bench.time("memcpy", "fp32", params,
                           lambda i: pairs[i % sets][0].copy_(pairs[i % sets][1]),
                           nbytes=2 * size * 4, **more)
                bench.time("copy", "fp32", params,
                           lambda i: torch.neg(pairs[i % sets][1], out=pairs[i % sets][0]),
                           nbytes=2 * size * 4, **more)
                if not bench.dry:
                    parts = torch.empty(size // 4096, device="cuda")
                    bench.time("read", "fp32", params,
                               lambda i: tk.read_only[(size // 4096,)](pairs[i % sets][0], parts,
                                                                       4096),
                               nbytes=size * 4, **more)


def bench_idle(bench):
    """Watts with a context and no work."""
    if bench.dry:
        return
    time.sleep(0.5)
    begin, joules = time.perf_counter(), bench.board.joules()
    time.sleep(1.0)
    span = time.perf_counter() - begin
    bench.row("idle", "none", {"sm_mhz": bench.board.sm_mhz()}, span,
              watts=(bench.board.joules() - joules) / span)


def overhead(bench):
    one = torch.zeros(1, device=bench.device)
    count = 10 if bench.dry else 1000
    with bench.point("graph of small kernels") as go:
        if go:
            bench.time("graph-kernel", "fp32", {"kernel": "add-1-element", "in_graph": count},
                       lambda _: one.add_(1), calls=count)
            if not bench.dry:
                bench.time("graph-kernel", "none", {"kernel": "empty", "in_graph": count},
                           lambda _: tk.nothing[(1,)](one), calls=count)
                bench.time("graph-kernel", "none", {"kernel": "empty-132-blocks",
                                                    "in_graph": count},
                           lambda _: tk.nothing[(132,)](one), calls=count)
    for what, fn in (("add-1-element", lambda: one.add_(1)),
                     ("linear-1x64x64", lambda w=random(bench, 64, 64): F.linear(w[:1], w))):
        with bench.point(f"eager {what}") as go:
            if go:
                bench.row("eager-launch", "none", {"kernel": what}, host_seconds(bench, fn))
    with bench.point("graph launch") as go:
        for kernels_in in (1, 10, 100, 400, 1000) if go else ():
            graph = Graph(lambda _: one.add_(1), 2 if bench.dry else kernels_in)
            bench.row("graph-launch-host", "none", {"in_graph": kernels_in},
                      host_seconds(bench, graph.run, 50))
    sampling(bench)


def host_seconds(bench, fn, count=2000):
    """Host seconds of one asynchronous launch, the device's backlog drained outside the span."""
    def drain():
        if not bench.dry:
            torch.cuda.synchronize()
    spans = []
    for _ in range(11):
        drain()
        begin = time.perf_counter()
        for _ in range(2 if bench.dry else count // 10):
            fn()
        spans.append((time.perf_counter() - begin) / (2 if bench.dry else count // 10))
        drain()
    return sorted(spans)[5]


def sampling(bench):
    vocab = 256 if bench.dry else 128256

    def top_p(logits):
        ordered, index = torch.sort(torch.softmax(logits.float(), -1), -1, descending=True)
        kept = torch.where(ordered.cumsum(-1) - ordered < 0.9, ordered, 0.0)
        noise = torch.empty_like(kept).exponential_()
        return index.gather(1, (kept / noise).argmax(-1, keepdim=True))

    for batch in (1, 8, 32, 64, 128, 256):
        with bench.point(f"sampling B={batch}") as go:
            if not go:
                continue
            logits = random(bench, batch, vocab, std=3.0)
            params = {"batch": batch, "vocab": vocab}
            bench.time("argmax", "bf16", params, lambda _: logits.argmax(-1), calls=10,
                       nbytes=logits.numel() * 2)
            bench.time("softmax-top-p", "fp32", params, lambda _: top_p(logits), calls=3,
                       nbytes=logits.numel() * 2)


def gemm_one(bench, name, n, k, m, dtype):
    size = 2 if dtype == "bf16" else 1
    flops, read = 2.0 * m * n * k, (n * k + m * k) * size + m * n * 2
    sets = 2 if bench.dry else max(1, min(20, -(-256 * MIB // (n * k * size))))
    x, weights = random(bench, m, k, std=1.0), [random(bench, n, k) for _ in range(sets)]
    out = torch.empty(m, n, device=bench.device, dtype=torch.bfloat16)
    if dtype == "fp8":
        x, weights = x.to(FP8), [w.to(FP8) for w in weights]
        scale = torch.ones((), device=bench.device)

        def run(i):
            torch._scaled_mm(x, weights[i % sets].t(), scale_a=scale, scale_b=scale,
                             out_dtype=torch.bfloat16, use_fast_accum=True, out=out)
    else:
        def run(i):
            torch.mm(x, weights[i % sets].t(), out=out)
    floor = max(flops / 6e14, read / 2.5e12)
    calls = 20 if floor < 1e-3 else 4
    power = (m in (1, 64, 8192) and name in ("8b-gate-up", "70b-gate-up")
             or m in (256, 1024) and name == "70b-gate-up")
    bench.time("gemm", dtype, {"shape": name, "m": m, "n": n, "k": k}, run, calls=calls,
               nbytes=read, flops=flops, power=power, replays=10)


def gemm(bench):
    order = [1, 64, 4096, 256, 16, 1024, 4, 8192, 128, 512]
    for dtype in ("bf16", "fp8"):
        for m in [2, 3] if bench.dry else order:
            for name, n, k in shapes.GEMMS:
                if bench.dry:
                    n, k = 32, 16
                with bench.point(f"gemm {name} m={m} {dtype}", 3) as go:
                    if go and not (name == "8b-lm-head" and m > 1024):
                        gemm_one(bench, name, n, k, m, dtype)


def attention_alone(bench):
    heads, kv, dim = (4, 2, 16) if bench.dry else (32, 8, 128)

    def tensors(batch, queries, keys, groups):
        q = random(bench, batch, queries, groups, dim, std=1.0).transpose(1, 2)
        k, v = (random(bench, batch, keys, kv, dim, std=1.0).transpose(1, 2) for _ in range(2))
        return q, k, v

    lengths = [8] if bench.dry else [512, 1024, 2048, 4096, 8192, 16384, 32768, 128, 256]
    spans = [(t, t, True) for t in lengths]
    if not bench.dry:  # A chunk of t tokens over a context already there: no mask in that part.
        spans += [(t, s, False) for t in (512, 2048) for s in (4096, 16384)]
    for name in ("flash",) if bench.dry else ("flash", "cudnn"):
        for t, s, causal in spans:
            with bench.point(f"{name} prefill attention T={t} S={s}") as go:
                if go:
                    q, k, v = tensors(1, t, s, heads)
                    bench.time("attention-prefill", "bf16",
                               {"kernel": name, "tokens": t, "context": s, "heads": heads,
                                "kv_heads": kv, "head_dim": dim, "causal": int(causal)},
                               lambda _: attention.prefill(q, k, v, name, causal), calls=3,
                               flops=4 * t * s * heads * dim * (0.5 if causal else 1),
                               power=t == 16384)
        for s in [16] if bench.dry else [1024, 4096, 16384, 512, 65536]:
            for b in [2] if bench.dry else [1, 8, 32, 128]:
                if b * s > 1 << 20:
                    continue
                with bench.point(f"{name} decode attention B={b} S={s}") as go:
                    if go:
                        decode_alone(bench, name, b, s, heads, kv, dim)


def decode_alone(bench, name, b, s, heads, kv, dim):
    each = 2 * b * s * kv * dim * 2
    sets = 1 if bench.dry else max(1, min(32, -(-256 * MIB // each)))
    caches = [random(bench, 2, b, s, kv, dim, std=1.0) for _ in range(sets)]
    q = random(bench, b, kv, heads // kv, dim, std=1.0)

    def run(i):
        k, v = caches[i % sets]
        return attention.decode(q, k.transpose(1, 2), v.transpose(1, 2), name)
    bench.time("attention-decode", "bf16", {"kernel": name, "batch": b, "context": s,
                                            "heads": heads, "kv_heads": kv, "head_dim": dim},
               run, calls=max(8, sets), nbytes=each, flops=4 * b * s * heads * dim,
               power=(b, s) == (128, 4096))


def mla(bench):
    width = attention.RANK + attention.ROPE
    for heads in (16, 128):
        tile = None if bench.dry else attention.best_mla(bench, heads)
        for b in [2] if bench.dry else [1, 8, 32, 128]:
            for s in [16] if bench.dry else [1024, 4096, 16384]:
                with bench.point(f"mla heads={heads} B={b} S={s}") as go:
                    if not go:
                        continue
                    sets = 1 if bench.dry else max(1, min(32, -(-256 * MIB // (b * s * width * 2))))
                    caches = [random(bench, b, s, width, std=1.0) for _ in range(sets)]
                    q = random(bench, b, heads, width, std=1.0)
                    params = {"heads": heads, "batch": b, "context": s, "rank": attention.RANK,
                              "rope": attention.ROPE}
                    work = {"nbytes": b * s * width * 2, "calls": max(4, sets),
                            "flops": 2 * b * heads * s * (width + attention.RANK)}
                    if tile:
                        run = attention.MlaDecode(heads, tile)
                        bench.time("mla-decode", "bf16", params | {"kernel": "triton"},
                                   lambda i: run(q, caches[i % sets]),
                                   power=(b, s) == (128, 4096), **work)
                    bench.time("mla-decode", "bf16", params | {"kernel": "torch-bmm"},
                               lambda i: attention.mla_plain(q, caches[i % sets]), **work)
    for b in [2] if bench.dry else [1, 8, 32, 128]:
        with bench.point(f"mla absorb B={b}") as go:
            if go:
                x, w = random(bench, 128, b, 128, std=1.0), random(bench, 128, 128, 512)
                bench.time("mla-absorb", "bf16", {"heads": 128, "batch": b, "k": 128, "n": 512},
                           lambda _: torch.bmm(x, w), calls=20, nbytes=w.numel() * 2,
                           flops=2 * b * w.numel())


def small(bench):
    """The memory-bound kernels between the GEMMs, hot in L2 as they are in a layer."""
    for rows in [2] if bench.dry else [1, 16, 64, 256, 1024, 4096, 16384]:
        for hidden, inner in [(64, 32)] if bench.dry else [(4096, 14336), (2048, 768)]:
            with bench.point(f"small kernels rows={rows} hidden={hidden}") as go:
                if not go:
                    continue
                x, delta = random(bench, rows, hidden, std=1.0), random(bench, rows, hidden)
                out, w = torch.empty_like(x), random(bench, hidden)
                params = {"rows": rows, "width": hidden}
                bench.time("add-rmsnorm", "bf16", params,
                           lambda _: kernels.add_rmsnorm(x, delta, w, out), calls=20,
                           nbytes=rows * hidden * 8)
                gate_up = random(bench, rows, 2 * inner, std=1.0)
                act = gate_up[:, :inner].contiguous()
                bench.time("silu-mul", "bf16", {"rows": rows, "width": inner},
                           lambda _: kernels.silu_mul(gate_up, act), calls=20,
                           nbytes=rows * inner * 6)


# One layer's routed experts: (name, experts, experts a token, hidden, inner). v3-ep8 is one of 8
# expert-parallel shards: 32 of 256 experts, on average one of a token's 8.
EXPERTS = [("qwen3-30b-a3b", 128, 8, 2048, 768), ("mixtral-8x7b", 8, 2, 4096, 14336),
           ("v3-ep8", 32, 1, 7168, 2048)]


def experts(bench):
    """Both GEMMs of a layer's experts, gate and weighted sum between and behind them."""
    for name, count, top_k, hidden, inner in EXPERTS:
        if bench.dry:
            hidden, inner = 64, 32
        each = 3 * hidden * inner
        sets = 1 if bench.dry else max(2, -(-256 * MIB // (count * each * 2)))
        up = [random(bench, count, 2 * inner, hidden) for _ in range(sets)]
        down = [random(bench, count, hidden, inner) for _ in range(sets)]
        for rows in [2] if bench.dry else [1, 4, 16, 64, 256, 1024, 4096]:
            for kernel in ("triton",) if bench.dry or rows < 4 else ("triton", "grouped_mm"):
                if kernel == "triton" and rows > 256:
                    continue
                with bench.point(f"experts {name} rows={rows} {kernel}") as go:
                    if not go:
                        continue
                    gemm_ = kernels.expert_gemm if kernel == "triton" else kernels.grouped_mm
                    x = random(bench, rows, hidden, std=1.0)
                    score, ids = kernels.topk_softmax(torch.rand(rows, count, device=bench.device),
                                                      top_k)
                    touched = ids.unique().numel()
                    dest, ends = kernels.route(ids, count)
                    act = torch.empty(rows * top_k, inner, device=bench.device,
                                      dtype=torch.bfloat16)

                    def run(i):
                        gate_up = gemm_(kernels.scatter_rows(x, dest, top_k), up[i % sets], ends)
                        y = gemm_(kernels.silu_mul(gate_up, act), down[i % sets], ends)
                        kernels.combine(y, dest, score)
                    bench.time("experts", "bf16",
                               {"shape": name, "rows": rows, "count": count, "top_k": top_k,
                                "hidden": hidden, "inner": inner, "touched": touched,
                                "kernel": kernel}, run, calls=max(4, sets),
                               nbytes=touched * each * 2, flops=2 * rows * top_k * each)


def check(bench):
    """Every own kernel against its reference; a wrong one fails the run."""
    if bench.dry:
        return
    found = kernels.check()
    print("errors against the references:", {k: f"{v:.1e}" for k, v in found.items()}, flush=True)
    wrong = [name for name, value in found.items() if not value < 1e-2]
    if wrong:
        raise SystemExit(f"llm_shapes.py: wrong kernels: {', '.join(wrong)}")
