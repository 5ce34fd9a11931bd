#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Jobs for measuring what a tracer costs PyTorch: torch_loops.py gemm|decode LOCK prints microseconds a
# step of the timed part. LOCK is a file that one measuring process holds at a time, so that the next
# ones may load PyTorch meanwhile.
#   gemm    4096^3 bf16 products, one after the other
#   decode  a CUDA graph of 32 layers of a decode step (7 kernels or more each), each step waited for
# torch_loops.py states STATES.so ROUNDS STATE...: the decode step in each of CUPTI's states in turn
# (cupti_states.cpp, launch_states.cu say how); the graph captured in the first state, and in the last.
import ctypes
import fcntl
import statistics
import sys
import time

import torch


def gemm():
    a = torch.randn(4096, 4096, device="cuda", dtype=torch.bfloat16)
    b = torch.randn(4096, 4096, device="cuda", dtype=torch.bfloat16)
    out = torch.empty_like(a)
    return lambda: torch.matmul(a, b, out=out), 3000, False


def decode():
    hidden, batch = 4096, 16
    x = torch.randn(batch, hidden, device="cuda", dtype=torch.bfloat16)
    w = [[torch.randn(hidden, hidden, device="cuda", dtype=torch.bfloat16) * 0.01 for _ in range(3)] for _ in range(32)]

    def step():
        h = x
        for qkv, up, down in w:
            n = torch.nn.functional.layer_norm(h, (hidden,))
            n = torch.matmul(n, qkv)
            n = torch.nn.functional.silu(torch.matmul(n, up))
            h = h + torch.matmul(n, down)
        return h

    for _ in range(3):
        step()
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay, 500, True


def step_us(act, count):
    for _ in range(5):
        act()
        torch.cuda.synchronize()
    begin = time.perf_counter()
    for _ in range(count):
        act()
        torch.cuda.synchronize()
    return (time.perf_counter() - begin) / count * 1e6


def states(library, rounds, names):
    to = ctypes.CDLL(library).cupti_to
    graphs = []
    for name in (names[0], names[-1]):
        to(name.encode())
        graphs.append(decode()[0])
        step_us(graphs[-1], 20)
    times = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            to(name.encode())
            times[name].append([step_us(graph, 100) for graph in graphs])
    for name in names:
        row = []
        for i in range(len(graphs)):
            more = statistics.median(mine[i] / base[i] for mine, base in zip(times[name], times[names[0]]))
            row.append(f"{statistics.median(t[i] for t in times[name]):.1f} | {100 * more - 100:+.2f} %")
        print(f"| {name} | {' | '.join(row)} |", flush=True)


def main():
    if sys.argv[1] == "states":
        return states(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
    # Held until the process has ended: what it does at its end must not fall into another's time.
    lock = open(sys.argv[2], "w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    act, count, wait = {"gemm": gemm, "decode": decode}[sys.argv[1]]()
    for _ in range(count // 10):
        act()
    torch.cuda.synchronize()
    begin = time.perf_counter()
    for _ in range(count):
        act()
        if wait:
            torch.cuda.synchronize()
    torch.cuda.synchronize()
    print("launches", sys.argv[1], (time.perf_counter() - begin) / count * 1e6, flush=True)


main()
