# SPDX-License-Identifier: Apache-2.0
"""Groups that run whole models or slices of them: decode steps and prefills."""
import torch

from . import attention, shapes
from .decoder import Decoder


class Pool:
    """One random block of device memory, cut anew into KV caches for each point."""

    def __init__(self, bench, reserve=6 << 30):
        size = 1 << 22 if bench.dry else torch.cuda.mem_get_info()[0] - reserve
        self.flat = torch.empty(size // 2, device=bench.device, dtype=torch.bfloat16)
        for piece in self.flat.split(1 << 30):
            piece.normal_()

    def cache(self, shape, batch, context):
        """[buffers, 2, B, S, kv heads, D]: a buffer a layer where they fit. Fewer are used in
        turn: each pass still reads cold memory, since a turn is far larger than any cache."""
        each = batch * context * shape.kv_elements
        buffers = min(shape.layers, self.flat.numel() // each)
        if buffers == 0:
            return None
        return self.flat[:buffers * each].view(buffers, 2, batch, context, shape.kv_heads,
                                               shape.head_dim)


def decode(bench, model, pool, points, power=()):
    shape = model.shape
    for batch, context in points:
        if bench.dry:
            batch, context = min(batch, 4), 16
        with bench.point(f"{shape.name} decode B={batch} S={context}", 4) as go:
            cache = pool.cache(shape, batch, context) if go else None
            if cache is None:
                continue
            tokens = torch.randint(0, shape.vocab, (batch,), device=bench.device)
            ids, touched = model.routes(batch)
            read, flops = model.work(batch, touched, batch)
            kv = batch * context * shape.kv_elements * 2 * shape.layers
            flops += 4 * batch * context * shape.heads * shape.head_dim * shape.layers
            params = {"model": shape.name, "batch": batch, "context": context,
                      "layers": shape.layers}
            if cache.shape[0] < shape.layers:
                params["kv_buffers"] = cache.shape[0]
            if shape.experts:
                params |= {"touched": f"{touched:.1f}", "experts": model.expert_kernel}
            for name in attention.decode_backends(bench, batch, shape.kv_heads):
                bench.time("decode", model.dtype, params | {"attn": name},
                           lambda _: model.decode(tokens, cache, ids, name), nbytes=read + kv,
                           flops=flops, power=(batch, context) in power)


def prefill(bench, model, pool, lengths, power=(), eager=()):
    shape, name = model.shape, "cudnn"  # The faster backend at every length that was tried.
    for length in lengths:
        if bench.dry:
            length = 8
        with bench.point(f"{shape.name} prefill T={length}", 4) as go:
            cache = pool.cache(shape, 1, length) if go else None
            if cache is None:
                continue
            tokens = torch.randint(0, shape.vocab, (length,), device=bench.device)
            ids, touched = model.routes(length)
            read, flops = model.work(length, touched, 1)
            # Causal: half of the square.
            flops += 2 * length * length * shape.heads * shape.head_dim * shape.layers
            params = {"model": shape.name, "tokens": length, "layers": shape.layers, "attn": name}
            if shape.experts:
                params |= {"touched": f"{touched:.1f}", "experts": model.expert_kernel}

            def run(_):
                return model.prefill(tokens, cache, ids, name)
            bench.time("prefill", model.dtype, params, run, flops=flops, nbytes=read,
                       power=length in power, replays=10)
            if length in eager:
                bench.time("prefill", model.dtype, params | {"mode": "eager"}, run, flops=flops,
                           nbytes=read, replays=10, graphed=False)


LLAMA_DECODE = [(1, 512), (1, 4096), (8, 1024), (32, 1024), (64, 1024), (128, 1024), (64, 4096),
                (1, 2048), (1, 8192), (2, 1024), (4, 1024), (4, 4096), (16, 1024), (16, 4096),
                (32, 512), (32, 2048), (32, 4096), (64, 512), (64, 2048), (64, 8192), (128, 512),
                (128, 2048), (128, 4096), (256, 512), (256, 1024), (256, 2048), (256, 4096),
                (16, 8192), (8, 8192), (256, 8192)]


def llama(bench):
    model = Decoder(bench, shapes.tiny(shapes.LLAMA_8B) if bench.dry else shapes.LLAMA_8B)
    pool = Pool(bench, 8 << 30)
    decode(bench, model, pool, LLAMA_DECODE,
           power=[(1, 4096), (8, 1024), (64, 1024), (256, 1024), (64, 4096), (256, 4096)])
    prefill(bench, model, pool, [2048, 512, 128, 8192, 256, 1024, 4096, 16384],
            power=[8192], eager=[128, 512, 2048])


def llama_fp8(bench):
    shape = shapes.tiny(shapes.LLAMA_8B) if bench.dry else shapes.LLAMA_8B
    model = Decoder(bench, shape, "fp8")
    pool = Pool(bench, 8 << 30)
    decode(bench, model, pool, [(1, 1024), (8, 1024), (32, 1024), (64, 1024), (128, 1024),
                                (256, 1024), (64, 4096)], power=[(1, 1024), (64, 1024)])
    prefill(bench, model, pool, [128, 512, 2048, 8192], power=[8192])


def llama_70b_slice(bench):
    shape = shapes.tiny(shapes.LLAMA_70B_TP8) if bench.dry else shapes.LLAMA_70B_TP8
    model = Decoder(bench, shape)
    pool = Pool(bench, 40 << 30)
    decode(bench, model, pool, [(1, 1024), (8, 1024), (32, 1024), (64, 1024), (128, 1024),
                                (256, 1024), (64, 4096), (256, 4096)])
    prefill(bench, model, pool, [128, 512, 2048, 8192])


def moe(bench, shape, batches, contexts, power):
    model = Decoder(bench, shapes.tiny(shape) if bench.dry else shape)
    pool = Pool(bench, 5 << 30)
    points = [(batch, context) for context in contexts for batch in batches]
    decode(bench, model, pool, points, power=power)
    if not bench.dry:
        model.expert_kernel = "grouped_mm"
    decode(bench, model, pool, [(batch, contexts[0]) for batch in batches])
    prefill(bench, model, pool, [512, 2048, 8192], power=[8192])


def qwen_moe(bench):
    moe(bench, shapes.QWEN3_30B_A3B, [1, 4, 16, 64, 256], [1024, 4096], [(1, 1024), (64, 1024)])


def mixtral(bench):
    moe(bench, shapes.MIXTRAL, [1, 4, 16, 64, 256], [1024], [(16, 1024)])
