# SPDX-License-Identifier: Apache-2.0
"""A decoder-only transformer with random weights: one decode step or one prefill, with the kernels
that an engine would launch (fused norm, rope, gate; attention; routed experts)."""
import torch
import torch.nn.functional as F

from . import attention, kernels
from .shapes import Shape

FP8 = getattr(torch, "float8_e4m3fn", None)


def random(bench, *size, std=0.02):
    return torch.empty(*size, device=bench.device, dtype=torch.bfloat16).normal_(std=std)


class Decoder:
    def __init__(self, bench, shape: Shape, dtype="bf16", longest=16384):
        self.bench, self.shape, self.dtype = bench, shape, dtype
        self.angles = self.rope_table(longest)
        self.one = torch.ones((), device=bench.device)
        self.layers = [self.make_layer() for _ in range(shape.layers)]
        self.embedding = random(bench, shape.vocab, shape.hidden)
        self.head = random(bench, shape.vocab, shape.hidden)
        self.norm = torch.ones(shape.hidden, device=bench.device, dtype=torch.bfloat16)
        self.expert_kernel = "triton"

    def rope_table(self, longest):
        half = self.shape.head_dim // 2
        speed = 500000.0 ** -(torch.arange(half, device=self.bench.device) / half)
        angle = torch.arange(longest, device=self.bench.device)[:, None] * speed
        return torch.stack([angle.cos(), angle.sin()], 1).float().contiguous()

    def weight(self, n, k):
        w = random(self.bench, n, k)
        return w if self.dtype == "bf16" else w.to(FP8)

    def make_layer(self):
        s = self.shape
        layer = {"qkv": self.weight(s.qkv, s.hidden),
                 "o": self.weight(s.hidden, s.heads * s.head_dim)}
        if s.experts:
            layer["router"] = random(self.bench, s.experts, s.hidden)
            layer["up"] = random(self.bench, s.experts, 2 * s.inner, s.hidden)
            layer["down"] = random(self.bench, s.experts, s.hidden, s.inner)
        else:
            layer["up"] = self.weight(2 * s.inner, s.hidden)
            layer["down"] = self.weight(s.hidden, s.inner)
        return layer

    def linear(self, x, w):
        """FP8 with static scales of one: the cost does not depend on their values."""
        if w.dtype == torch.bfloat16:
            return F.linear(x, w)
        return torch._scaled_mm(x, w.t(), scale_a=self.one, scale_b=self.one,
                                out_dtype=torch.bfloat16, use_fast_accum=True)

    def normed(self, x, delta):
        out = torch.empty_like(x, dtype=torch.bfloat16 if self.dtype == "bf16" else FP8)
        return kernels.add_rmsnorm(x, delta, self.norm, out)

    def mlp(self, x, layer):
        gate_up = self.linear(x, layer["up"])
        out = torch.empty(x.shape[0], self.shape.inner, device=x.device, dtype=x.dtype)
        return self.linear(kernels.silu_mul(gate_up, out), layer["down"])

    def moe(self, x, layer, ids):
        s = self.shape
        weights, _ = kernels.topk_softmax(F.linear(x, layer["router"]), s.top_k)
        # The router's work is done, but the choice comes from `ids`: random weights would send
        # all tokens to the same few experts.
        dest, ends = kernels.route(ids, s.experts)
        gemm = kernels.expert_gemm if self.expert_kernel == "triton" else kernels.grouped_mm
        gate_up = gemm(kernels.scatter_rows(x, dest, s.top_k), layer["up"], ends)
        act = torch.empty(dest.numel(), s.inner, device=x.device, dtype=x.dtype)
        return kernels.combine(gemm(kernels.silu_mul(gate_up, act), layer["down"], ends), dest,
                               weights)

    def forward(self, tokens, attend, ids, last_only):
        """attend(i, qkv) stores K and V of layer i and returns [rows, heads * head_dim]."""
        x, delta = F.embedding(tokens, self.embedding), None
        for i, layer in enumerate(self.layers):
            qkv = self.linear(self.normed(x, delta), layer["qkv"])
            mixed = attend(i, qkv)
            if self.dtype == "fp8":
                mixed = kernels.to_fp8(mixed, torch.empty_like(mixed, dtype=FP8))
            h = self.normed(x, self.linear(mixed, layer["o"]))
            delta = self.moe(h, layer, ids[i]) if self.shape.experts else self.mlp(h, layer)
        if last_only:
            x, delta = x[-1:].clone(), delta[-1:]
        out = torch.empty_like(x)
        return F.linear(kernels.add_rmsnorm(x, delta, self.norm, out), self.head).argmax(-1)

    def decode(self, tokens, cache, ids, name):
        """cache [buffers, 2, B, S, kv heads, D]; the new token is the last of S."""
        s = self.shape
        rows, context = cache.shape[2:4]
        wide = s.kv_heads * s.head_dim

        def attend(i, qkv):
            k, v = cache[i % cache.shape[0]]
            kernels.rope_store(qkv, self.angles, k, v, s.heads, s.kv_heads, s.head_dim,
                               context - 1, 0, (context - 1) * wide, context * wide)
            q = qkv[:, :s.heads * s.head_dim].view(rows, s.kv_heads, -1, s.head_dim)
            return attention.decode(q, k.transpose(1, 2), v.transpose(1, 2), name)
        return self.forward(tokens, attend, ids, last_only=False)

    def prefill(self, tokens, cache, ids, name):
        """cache [buffers, 2, 1, T, kv heads, D]; the whole prompt at once."""
        s = self.shape
        wide = s.kv_heads * s.head_dim

        def attend(i, qkv):
            k, v = cache[i % cache.shape[0]]
            kernels.rope_store(qkv, self.angles, k, v, s.heads, s.kv_heads, s.head_dim, 0, 1, 0,
                               wide)
            q = qkv[:, :s.heads * s.head_dim].view(1, -1, s.heads, s.head_dim).transpose(1, 2)
            return attention.prefill(q, k.transpose(1, 2), v.transpose(1, 2), name)
        return self.forward(tokens, attend, ids, last_only=True)

    def routes(self, rows):
        """(ids [layers] of [rows, top_k] drawn uniformly without repeats, mean experts touched)."""
        s = self.shape
        if not s.experts:
            return None, 0
        ids = [torch.rand(rows, s.experts, device=self.bench.device).topk(s.top_k).indices
               .to(torch.int32) for _ in range(s.layers)]
        return ids, sum(one.unique().numel() for one in ids) / s.layers

    def work(self, rows, touched, logits_rows):
        """(weight bytes read, FLOPs of the linear layers) of one pass over `rows` tokens."""
        s = self.shape
        read = s.attention_weights + (s.mlp_weights * touched + s.hidden * s.experts
                                      if s.experts else s.mlp_weights)
        used = s.attention_weights + (s.mlp_weights * s.top_k + s.hidden * s.experts
                                      if s.experts else s.mlp_weights)
        size = 2 if self.dtype == "bf16" else 1
        return (read * s.layers * size + s.vocab * s.hidden * 2,
                2 * used * s.layers * rows + 2 * s.vocab * s.hidden * logits_rows)
