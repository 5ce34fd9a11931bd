#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""torch_programs.py NAME SECONDS: one PyTorch program of known cause (test/causes/programs.toml).
Without arguments it lists them. Needs a CUDA device; exit code 3 where there is none."""
import sys
import time

PROGRAMS = {}


def program(name):
    def add(make):
        PROGRAMS[name] = make
        return make

    return add


# Each returns a step; the clock starts after it has been made and run once.


@program("idle-notebook")
def idle_notebook(torch):
    table = torch.randn(4096, 4096, device="cuda")
    table.sum().item()
    return lambda: time.sleep(0.05)


@program("launch-eager-mlp")
def launch_eager_mlp(torch):
    layers = [torch.nn.Linear(64, 64, device="cuda") for _ in range(8)]
    x = torch.randn(16, 64, device="cuda")

    def step():
        y = x
        for layer in layers:
            y = torch.relu(layer(y))

    return step


@program("launch-eager-elementwise")
def launch_eager_elementwise(torch):
    x = torch.randn(1024, device="cuda")

    def step():
        y = x
        for _ in range(16):
            y = y * 0.5 + 1.0

    return step


@program("host-tokenizes")
def host_tokenizes(torch):
    weight = torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16)
    words = [str(i % 977) for i in range(20000)]

    def step():
        ids = [hash(word) % 8192 for word in words]  # on the host, before each batch
        batch = torch.tensor(ids[:8192], device="cuda")
        torch.matmul(weight[batch], weight)
        torch.cuda.synchronize()

    return step


@program("host-item-in-loop")
def host_item_in_loop(torch):
    a = torch.randn(2048, 2048, device="cuda", dtype=torch.bfloat16)
    seen = []

    def step():
        loss = torch.matmul(a, a).float().mean().item()
        seen.append(loss)
        if len(seen) % 2:
            sum(range(3000))  # logging, metrics

    return step


@program("transfer-offload")
def transfer_offload(torch):
    layers = [torch.randn(4096, 4096, dtype=torch.bfloat16).pin_memory() for _ in range(4)]
    x = torch.randn(256, 4096, device="cuda", dtype=torch.bfloat16)

    def step():
        y = x
        for layer in layers:
            y = y @ layer.to("cuda", non_blocking=True)
        torch.cuda.synchronize()

    return step


@program("grid-softmax-of-few-rows")
def grid_softmax_of_few_rows(torch):
    x = torch.randn(8, 1 << 20, device="cuda")
    return lambda: torch.softmax(x, dim=1)


@program("dram-unfused-chain")
def dram_unfused_chain(torch):
    x = torch.randn(1 << 27, device="cuda")

    def step():
        y = x * 1.5
        y = y + 0.5
        y = torch.relu(y)
        y.mul_(0.25)

    return step


@program("wrong-fp32-matmul")
def wrong_fp32_matmul(torch):
    torch.set_float32_matmul_precision("highest")  # PyTorch's default
    a = torch.randn(8192, 8192, device="cuda")
    return lambda: a @ a


@program("wrong-fp32-convolution")
def wrong_fp32_convolution(torch):
    torch.backends.cudnn.allow_tf32 = False
    x = torch.randn(64, 128, 56, 56, device="cuda")
    w = torch.randn(128, 128, 3, 3, device="cuda")
    return lambda: torch.nn.functional.conv2d(x, w, padding=1)


@program("healthy-flash-attention")
def healthy_flash_attention(torch):
    from torch.nn.attention import SDPBackend, sdpa_kernel

    q, k, v = (torch.randn(4, 32, 8192, 128, device="cuda", dtype=torch.bfloat16) * 0.1 for _ in range(3))

    def step():
        with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
            torch.nn.functional.scaled_dot_product_attention(q, k, v)

    return step


@program("healthy-convolution")
def healthy_convolution(torch):
    torch.backends.cudnn.benchmark = True
    x = torch.zeros(256, 512, 56, 56, device="cuda", dtype=torch.bfloat16)
    w = torch.zeros(512, 512, 3, 3, device="cuda", dtype=torch.bfloat16)
    x, w = x.to(memory_format=torch.channels_last), w.to(memory_format=torch.channels_last)
    return lambda: torch.nn.functional.conv2d(x, w, padding=1)


@program("healthy-decode-step")
def healthy_decode_step(torch):
    layers = [torch.randn(28672, 8192, device="cuda", dtype=torch.bfloat16) * 0.01 for _ in range(8)]
    x = torch.randn(8, 8192, device="cuda", dtype=torch.bfloat16)

    def step():
        for layer in layers:
            torch.nn.functional.linear(x, layer)

    return step


def main():
    if len(sys.argv) != 3:
        print("\n".join(PROGRAMS))
        return 0 if len(sys.argv) == 1 else 2
    import torch

    if not torch.cuda.is_available():
        return 3
    with torch.inference_mode():
        step = PROGRAMS[sys.argv[1]](torch)
        step()
        torch.cuda.synchronize()
        print("running", flush=True)
        events = [torch.cuda.Event() for _ in range(2)]
        end = time.monotonic() + float(sys.argv[2])
        turn = 0
        while time.monotonic() < end:  # queued ahead by at most two steps
            if turn >= 2:
                events[turn % 2].synchronize()
            step()
            events[turn % 2].record()
            turn += 1
        torch.cuda.synchronize()
    return 0


if __name__ == "__main__":
    sys.exit(main())
