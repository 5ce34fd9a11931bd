# SPDX-License-Identifier: Apache-2.0
"""Triton bodies; kernels.py and mla.py say what each computes and launch them."""
try:
    import triton
    import triton.language as tl
except ImportError:  # No GPU build of PyTorch: only --dry-run works, which launches none.
    class triton:  # noqa: N801
        @staticmethod
        def jit(fn):
            return fn

    class tl:  # noqa: N801
        constexpr = None


def power_of_2(n: int) -> int:
    return 1 << (n - 1).bit_length()


@triton.jit
def nothing(x):
    pass


@triton.jit
def read_only(x, out, BLOCK: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    tl.store(out + tl.program_id(0), tl.sum(tl.load(x + at), 0))


@triton.jit
def add_rmsnorm(x, delta, weight, out, width, ADD: tl.constexpr, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    col = tl.arange(0, BLOCK)
    inside = col < width
    v = tl.load(x + row * width + col, inside, other=0.0).to(tl.float32)
    if ADD:
        v += tl.load(delta + row * width + col, inside, other=0.0).to(tl.float32)
        v = v.to(x.dtype.element_ty).to(tl.float32)
        tl.store(x + row * width + col, v.to(x.dtype.element_ty), inside)
    scale = 1.0 / tl.sqrt(tl.sum(v * v, 0) / width + 1e-5)
    w = tl.load(weight + col, inside, other=0.0).to(tl.float32)
    tl.store(out + row * width + col, (v * scale * w).to(out.dtype.element_ty), inside)


@triton.jit
def silu_mul(gate_up, out, inner, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    col = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = col < inner
    g = tl.load(gate_up + row * 2 * inner + col, inside, other=0.0).to(tl.float32)
    u = tl.load(gate_up + row * 2 * inner + inner + col, inside, other=0.0).to(tl.float32)
    y = g / (1.0 + tl.exp(-g)) * u
    tl.store(out + row * inner + col, y.to(out.dtype.element_ty), inside)


@triton.jit
def cast(x, out, n, BLOCK: tl.constexpr):
    at = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    v = tl.load(x + at, at < n, other=0.0).to(tl.float32)
    tl.store(out + at, v.to(out.dtype.element_ty), at < n)


@triton.jit
def rope_store(qkv, table, k_cache, v_cache, first, step, start, stride, HEADS: tl.constexpr,
               KV: tl.constexpr, DIM: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    head = tl.program_id(1)
    half = tl.arange(0, DIM // 2)
    here = qkv + row * (HEADS + 2 * KV) * DIM + head * DIM + half
    low = tl.load(here)
    high = tl.load(here + DIM // 2)
    to = start + row * stride + half
    if head >= HEADS + KV:
        to += (head - HEADS - KV) * DIM
        tl.store(v_cache + to, low)
        tl.store(v_cache + to + DIM // 2, high)
    else:
        angle = table + (first + row * step) * DIM + half
        cos = tl.load(angle)
        sin = tl.load(angle + DIM // 2)
        a = low.to(tl.float32)
        b = high.to(tl.float32)
        new_low = (a * cos - b * sin).to(qkv.dtype.element_ty)
        new_high = (b * cos + a * sin).to(qkv.dtype.element_ty)
        if head < HEADS:
            tl.store(here, new_low)
            tl.store(here + DIM // 2, new_high)
        else:
            to += (head - HEADS) * DIM
            tl.store(k_cache + to, new_low)
            tl.store(k_cache + to + DIM // 2, new_high)


@triton.jit
def topk_softmax(logits, weights, ids, E: tl.constexpr, K: tl.constexpr):
    row = tl.program_id(0)
    e = tl.arange(0, E)
    slot = tl.arange(0, K)
    v = tl.load(logits + row * E + e).to(tl.float32)
    p = tl.exp(v - tl.max(v, 0))
    top = tl.zeros([K], tl.float32)
    index = tl.zeros([K], tl.int32)
    for j in tl.static_range(K):
        best = tl.max(p, 0)
        where = tl.argmax(p, 0)
        top = tl.where(slot == j, best, top)
        index = tl.where(slot == j, where, index)
        p = tl.where(e == where, -1.0, p)
    tl.store(weights + row * K + slot, top / tl.sum(top, 0))
    tl.store(ids + row * K + slot, index)


@triton.jit
def route(ids, dest, ends, n, E: tl.constexpr, CHUNK: tl.constexpr):
    e = tl.arange(0, E)
    lane = tl.arange(0, CHUNK)
    counts = tl.zeros([E], tl.int32)
    for c in range(0, n, CHUNK):
        mine = tl.load(ids + c + lane, c + lane < n, other=-1)
        counts += tl.sum((mine[:, None] == e[None, :]).to(tl.int32), 0)
    last = tl.cumsum(counts, 0)
    tl.store(ends + e, last)
    running = last - counts
    for c in range(0, n, CHUNK):
        mine = tl.load(ids + c + lane, c + lane < n, other=-1)
        same = (mine[:, None] == e[None, :]).to(tl.int32)
        rank = tl.cumsum(same, 0) - 1 + running[None, :]
        tl.store(dest + c + lane, tl.sum(rank * same, 1), c + lane < n)
        running += tl.sum(same, 0)


@triton.jit
def scatter_rows(x, dest, out, width, K: tl.constexpr, BLOCK: tl.constexpr):
    a = tl.program_id(0).to(tl.int64)
    col = tl.arange(0, BLOCK)
    to = tl.load(dest + a).to(tl.int64)
    tl.store(out + to * width + col, tl.load(x + a // K * width + col, col < width), col < width)


@triton.jit
def combine(y, dest, weights, out, width, K: tl.constexpr, BLOCK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    col = tl.arange(0, BLOCK)
    sum_ = tl.zeros([BLOCK], tl.float32)
    for j in tl.static_range(K):
        at = tl.load(dest + row * K + j).to(tl.int64)
        w = tl.load(weights + row * K + j)
        sum_ += w * tl.load(y + at * width + col, col < width, other=0.0).to(tl.float32)
    tl.store(out + row * width + col, sum_.to(out.dtype.element_ty), col < width)


@triton.jit
def expert_gemm(x, w, out, ends, N, K, BM: tl.constexpr, BN: tl.constexpr, BK: tl.constexpr):
    e = tl.program_id(0)
    n = tl.program_id(1) * BN + tl.arange(0, BN)
    kk = tl.arange(0, BK)
    begin = tl.load(ends + e - 1, mask=e > 0, other=0)
    end = tl.load(ends + e)
    base = w + e.to(tl.int64) * N * K
    for m0 in range(begin, end, BM):
        m = m0 + tl.arange(0, BM)
        inside = m < end
        acc = tl.zeros([BM, BN], tl.float32)
        for k in range(0, K, BK):
            a = tl.load(x + m.to(tl.int64)[:, None] * K + k + kk[None, :], inside[:, None],
                        other=0.0)
            b = tl.load(base + n[None, :] * K + k + kk[:, None])
            acc = tl.dot(a, b, acc)
        tl.store(out + m.to(tl.int64)[:, None] * N + n[None, :], acc.to(out.dtype.element_ty),
                 inside[:, None])


@triton.jit
def mla_split(q, cache, part, lse, S, CHUNK, SPLITS, scale, H: tl.constexpr, BH: tl.constexpr,
              BN: tl.constexpr, RANK: tl.constexpr, ROPE: tl.constexpr):
    b = tl.program_id(0).to(tl.int64)
    split = tl.program_id(2)
    head = tl.program_id(1) * BH + tl.arange(0, BH)
    r = tl.arange(0, RANK)
    p = tl.arange(0, ROPE)
    WIDTH: tl.constexpr = RANK + ROPE
    row = (b * H + head) * WIDTH
    q_rank = tl.load(q + row[:, None] + r[None, :])
    q_rope = tl.load(q + row[:, None] + RANK + p[None, :])
    low = split * CHUNK
    high = tl.minimum(low + CHUNK, S)
    base = cache + b * S * WIDTH
    top = tl.full([BH], float("-inf"), tl.float32)
    total = tl.zeros([BH], tl.float32)
    acc = tl.zeros([BH, RANK], tl.float32)
    for n0 in range(low, high, BN):
        n = n0 + tl.arange(0, BN)
        inside = n < high
        c = tl.load(base + n[:, None] * WIDTH + r[None, :], inside[:, None], other=0.0)
        k = tl.load(base + n[:, None] * WIDTH + RANK + p[None, :], inside[:, None], other=0.0)
        s = tl.dot(q_rank, tl.trans(c))
        s = tl.dot(q_rope, tl.trans(k), s) * scale
        s = tl.where(inside[None, :], s, float("-inf"))
        higher = tl.maximum(top, tl.max(s, 1))
        fade = tl.exp(top - higher)
        weight = tl.exp(s - higher[:, None])
        total = total * fade + tl.sum(weight, 1)
        acc = tl.dot(weight.to(c.dtype), c, acc * fade[:, None])
        top = higher
    at = (b * H + head) * SPLITS + split
    tl.store(part + at[:, None] * RANK + r[None, :], acc / total[:, None])
    tl.store(lse + at, top + tl.log(total))


@triton.jit
def mla_merge(part, lse, out, SPLITS, RANK: tl.constexpr):
    row = tl.program_id(0).to(tl.int64)
    r = tl.arange(0, RANK)
    top = float("-inf")
    for i in range(SPLITS):
        top = tl.maximum(top, tl.load(lse + row * SPLITS + i))
    total = 0.0
    acc = tl.zeros([RANK], tl.float32)
    for i in range(SPLITS):
        w = tl.exp(tl.load(lse + row * SPLITS + i) - top)
        total += w
        acc += w * tl.load(part + (row * SPLITS + i) * RANK + r)
    tl.store(out + row * RANK + r, (acc / total).to(out.dtype.element_ty))
