# SPDX-License-Identifier: Apache-2.0
"""Attention as an engine runs it: grouped-query through PyTorch's SDPA (flash or
cuDNN), and multi-head latent attention (MLA) decode in its absorbed form by a Triton kernel."""
import contextlib

import torch
from torch.nn.functional import scaled_dot_product_attention

from . import triton_kernels as tk

RANK, ROPE = 512, 64  # of DeepSeek-V3's latent and rotary part


def backend(name):
    if not torch.cuda.is_available():
        return contextlib.nullcontext()
    from torch.nn.attention import SDPBackend, sdpa_kernel
    return sdpa_kernel({"flash": SDPBackend.FLASH_ATTENTION,
                        "cudnn": SDPBackend.CUDNN_ATTENTION}[name])


def decode(q, k, v, name):
    """q [B, kv heads, group, D], k and v [B, kv heads, S, D]: one new token for each sequence.
    The query heads that share a KV head stand where a sequence of queries would: the KV is read
    once. Result [B, heads * D], heads in the order in which they lie in memory."""
    with backend(name):
        out = scaled_dot_product_attention(q, k, v)
    return out.transpose(1, 2).reshape(q.shape[0], -1)


def prefill(q, k, v, name, causal=True):
    """q [1, heads, T, D], k and v [1, kv heads, S, D]. Result [T, heads * D]."""
    with backend(name):
        out = scaled_dot_product_attention(q, k, v, is_causal=causal, enable_gqa=True)
    return out.transpose(1, 2).reshape(q.shape[2], -1)


def decode_backends(bench, batch, kv_heads):
    """Flash splits a long context over the SMs, cuDNN does not but streams faster: which wins
    turns on the number of (sequence, KV head) pairs, so both run where it is in doubt."""
    if bench.dry:
        return ("flash",)
    return ("flash", "cudnn") if batch * kv_heads <= 256 else ("cudnn",)


# (heads a program, tokens a step, warps, stages): which is best depends on the number of heads.
MLA_TILES = [(16, 64, 4, 2), (16, 32, 4, 2), (16, 64, 8, 2), (32, 32, 4, 2), (32, 64, 8, 1),
             (64, 64, 8, 1), (64, 32, 8, 2), (64, 64, 8, 2)]


class MlaDecode:
    """out[b, h] = softmax(q . cache * scale) . cache[:, :RANK] for one new token a sequence; the
    cache is shared by all heads."""

    def __init__(self, heads, tile, sms=132):
        self.heads, self.tile, self.sms = heads, tile, sms

    def __call__(self, q, cache):
        batch, context = cache.shape[:2]
        group, step, warps, stages = self.tile
        programs = batch * self.heads // group
        splits = max(1, min(-(-2 * self.sms // programs), context // (2 * step), 64))
        chunk = -(-context // splits // step) * step
        splits = -(-context // chunk)
        new = {"device": q.device, "dtype": torch.float32}
        part = torch.empty(batch, self.heads, splits, RANK, **new)
        lse = torch.empty(batch, self.heads, splits, **new)
        out = torch.empty(batch, self.heads, RANK, device=q.device, dtype=q.dtype)
        tk.mla_split[(batch, self.heads // group, splits)](
            q, cache, part, lse, context, chunk, splits, (128 + ROPE) ** -0.5, self.heads, group,
            step, RANK, ROPE, num_warps=warps, num_stages=stages)
        tk.mla_merge[(batch * self.heads,)](part, lse, out, splits, RANK)
        return out


def mla_plain(q, cache):
    """The same from plain torch operators: three passes, and the scores go through memory."""
    scores = torch.bmm(q, cache.transpose(1, 2)) * (128 + ROPE) ** -0.5
    return torch.bmm(torch.softmax(scores, -1), cache[..., :RANK])


def best_mla(bench, heads):
    """(tile, seconds) of the fastest tile that is right to 1 %, or None where none compiles."""
    from .clock import Graph
    new = {"device": "cuda", "dtype": torch.bfloat16}
    q = torch.randn(16, heads, RANK + ROPE, **new)
    cache = torch.randn(16, 4096, RANK + ROPE, **new)
    want = mla_plain(q.float(), cache.float())
    found = []
    for tile in MLA_TILES:
        if tile[0] > heads or (heads >= 64 and tile[0] == 16 and tile[2] == 8):
            continue
        try:
            run = MlaDecode(heads, tile)
            wrong = float((run(q, cache).float() - want).norm() / want.norm())
            seconds = Graph(lambda _: run(q, cache), 5).seconds()
            print(f"mla {heads} heads, tile {tile}: {seconds * 1e6:.1f} us, error {wrong:.1e}",
                  flush=True)
            if wrong < 1e-2:
                found.append((seconds, tile))
        except Exception as error:  # A tile that needs more shared memory than there is.
            print(f"mla tile {tile}: {type(error).__name__}: {str(error)[:120]}", flush=True)
        if bench.left() < 20 and found:
            break
    return min(found)[1] if found else None
