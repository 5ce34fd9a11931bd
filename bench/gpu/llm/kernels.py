# SPDX-License-Identifier: Apache-2.0
"""The small fused kernels of an inference engine, in Triton, each beside its plain reference.

check() compares them; on a CPU (--dry-run) the references serve."""
import torch

from . import triton_kernels as tk


def on_gpu(x) -> bool:
    return x.is_cuda


def warps_for(width: int) -> int:
    return 4 if width <= 2048 else 8 if width <= 4096 else 16


def add_rmsnorm(x, delta, weight, out):
    """x += delta (where given); out = rmsnorm(x) * weight. x is the residual stream."""
    if on_gpu(x):
        block = tk.power_of_2(x.shape[1])
        tk.add_rmsnorm[(x.shape[0],)](x, x if delta is None else delta, weight, out, x.shape[1],
                                      delta is not None, block, num_warps=warps_for(block))
        return out
    if delta is not None:
        x += delta
    wide = x.float()
    out.copy_(wide * torch.rsqrt(wide.square().mean(1, keepdim=True) + 1e-5) * weight.float())
    return out


def silu_mul(gate_up, out):
    inner = gate_up.shape[1] // 2
    if on_gpu(gate_up):
        tk.silu_mul[(gate_up.shape[0], -(-inner // 1024))](gate_up, out, inner, 1024)
        return out
    out.copy_(torch.nn.functional.silu(gate_up[:, :inner].float()) * gate_up[:, inner:].float())
    return out


def rope_store(qkv, table, k_cache, v_cache, heads, kv_heads, dim, first, step, start, stride):
    """Rotates q in place, writes the rotated k, and v, into the cache. Row r is at position
    first + r * step and goes to element start + r * stride of the cache."""
    if on_gpu(qkv):
        tk.rope_store[(qkv.shape[0], heads + 2 * kv_heads)](
            qkv, table, k_cache, v_cache, first, step, start, stride, heads, kv_heads, dim,
            num_warps=1)
        return
    rows = torch.arange(qkv.shape[0])
    angle = table[first + rows * step]
    cos, sin = angle[:, None, 0], angle[:, None, 1]
    split = qkv.view(qkv.shape[0], heads + 2 * kv_heads, dim)
    low, high = split[..., :dim // 2].float().clone(), split[..., dim // 2:].float().clone()
    turned = torch.cat([low * cos - high * sin, high * cos + low * sin], -1).to(qkv.dtype)
    split[:, :heads] = turned[:, :heads]
    for cache, part in ((k_cache, turned[:, heads:heads + kv_heads]),
                        (v_cache, split[:, heads + kv_heads:])):
        flat = cache.view(-1)
        for row in range(qkv.shape[0]):
            at = start + row * stride
            flat[at:at + kv_heads * dim] = part[row].reshape(-1)


def to_fp8(x, out):
    """Cast with a static scale of one."""
    if on_gpu(x):
        tk.cast[(-(-x.numel() // 1024),)](x, out, x.numel(), 1024)
    else:
        out.copy_(x)
    return out


def topk_softmax(logits, k):
    """(weights [rows, k] float32 that sum to one, ids [rows, k] int32)."""
    rows, experts = logits.shape
    weights = torch.empty(rows, k, device=logits.device)
    ids = torch.empty(rows, k, device=logits.device, dtype=torch.int32)
    if on_gpu(logits):
        tk.topk_softmax[(rows,)](logits, weights, ids, experts, k, num_warps=1)
        return weights, ids
    top, index = torch.softmax(logits.float(), 1).topk(k)
    return top / top.sum(1, keepdim=True), index.to(torch.int32)


def route(ids, experts):
    """(dest [assignments] row of each in expert order, ends [experts] int32)."""
    flat = ids.view(-1)
    if on_gpu(ids) and flat.numel() <= 4096:
        dest = torch.empty_like(flat)
        ends = torch.empty(experts, device=ids.device, dtype=torch.int32)
        tk.route[(1,)](flat, dest, ends, flat.numel(), experts, 64, num_warps=8)
        return dest, ends
    order = torch.sort(flat, stable=True)
    dest = torch.empty_like(flat)
    dest[order.indices] = torch.arange(flat.numel(), device=flat.device, dtype=torch.int32)
    ends = torch.searchsorted(order.values, torch.arange(experts, device=flat.device,
                                                         dtype=torch.int32), right=True)
    return dest, ends.to(torch.int32)


def scatter_rows(x, dest, k):
    out = torch.empty(dest.numel(), x.shape[1], device=x.device, dtype=x.dtype)
    if on_gpu(x):
        block = tk.power_of_2(x.shape[1])
        tk.scatter_rows[(dest.numel(),)](x, dest, out, x.shape[1], k, block)
        return out
    out[dest.long()] = x.repeat_interleave(k, 0)
    return out


def combine(y, dest, weights):
    rows, k = weights.shape
    out = torch.empty(rows, y.shape[1], device=y.device, dtype=y.dtype)
    if on_gpu(y):
        block = tk.power_of_2(y.shape[1])
        tk.combine[(rows,)](y, dest, weights, out, y.shape[1], k, block)
        return out
    out.copy_((y[dest.long()].view(rows, k, -1).float() * weights[..., None]).sum(1))
    return out


def expert_gemm(x, w, ends):
    """out[r] = w[expert of r] @ x[r], rows in expert order; w is [experts, n, k]. Made for few
    rows an expert: each program streams its slice of one expert's weights once."""
    experts, n, k = w.shape
    out = torch.empty(x.shape[0], n, device=x.device, dtype=x.dtype)
    if on_gpu(x):
        tall = min(64, max(16, tk.power_of_2(x.shape[0] // experts)))
        tk.expert_gemm[(experts, n // 64)](x, w, out, ends, n, k, tall, 64, 128, num_warps=4,
                                           num_stages=4)
        return out
    begin = 0
    for expert, end in enumerate(ends.tolist()):
        out[begin:end] = (x[begin:end].float() @ w[expert].float().T).to(x.dtype)
        begin = end
    return out


def grouped_mm(x, w, ends):
    return torch._grouped_mm(x, w.transpose(1, 2), offs=ends)


def error(a, b) -> float:
    a, b = a.double(), b.double()
    return float((a - b).norm() / b.norm())


def check():
    """{kernel: relative error against the reference on a CPU}. bf16 alone rounds by 4e-3."""
    torch.manual_seed(1)
    bf16 = torch.bfloat16
    found = {}

    def both(name, fn, *tensors):
        there = fn(*[t.clone().cuda() for t in tensors])
        here = fn(*[t.clone() for t in tensors])
        found[name] = error(there.cpu(), here)

    x, d = torch.randn(5, 4096).to(bf16), torch.randn(5, 4096).to(bf16)
    w = torch.rand(4096).to(bf16)
    both("add_rmsnorm", lambda x, d, w: add_rmsnorm(x, d, w, torch.empty_like(x)), x, d, w)
    both("silu_mul", lambda x: silu_mul(x, torch.empty_like(x[:, :2048].contiguous())), x)

    table = torch.rand(64, 2, 64)
    cache = torch.zeros(2, 5, 8, 2, 128).to(bf16)

    def rope(qkv, table, cache):
        rope_store(qkv, table, cache[0], cache[1], 4, 2, 128, 7, 1, 7 * 256, 8 * 256)
        return torch.cat([qkv[:, :512].reshape(-1), cache.view(-1)])
    both("rope_store", rope, torch.randn(5, 1024).to(bf16), table, cache)

    ids = torch.rand(100, 128).topk(8).indices.to(torch.int32)
    both("route", lambda ids: torch.cat(route(ids, 128)), ids)
    logits = torch.randn(100, 128)
    both("topk_softmax", lambda x: torch.cat([t.float() for t in topk_softmax(x, 8)]), logits)

    def expert_mlp(gemm):
        def run(x, w, ids, weights):
            dest, ends = route(ids, 128)
            return combine(gemm(scatter_rows(x, dest, 8), w, ends), dest, weights)
        return run
    args = (torch.randn(100, 512).to(bf16), torch.randn(128, 256, 512).to(bf16), ids,
            torch.rand(100, 8))
    both("expert_gemm", expert_mlp(expert_gemm), *args)
    there = expert_mlp(grouped_mm)(*[t.cuda() for t in args])
    found["grouped_mm"] = error(there.cpu(), expert_mlp(expert_gemm)(*args))
    return found
