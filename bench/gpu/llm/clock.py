# SPDX-License-Identifier: Apache-2.0
"""Times, watts and rows. A time is the median of at least 10 replays of a CUDA graph, taken with
device events; watts are NVML's energy counter over 1.5 s of replays back to back."""
import contextlib
import csv
import statistics
import sys
import time
import traceback

import torch

# After one of these the CUDA context is lost: the rest of the process would only repeat it.
FATAL = ("illegal memory access", "device-side assert", "unspecified launch failure",
         "misaligned address", "illegal instruction")


class Board:
    """The device's name, driver and energy counter. In a dry run there is none."""

    def __init__(self, dry: bool):
        self.name, self.driver, self.handle = "dry run", "none", None
        if dry:
            return
        import pynvml
        pynvml.nvmlInit()
        self.nvml = pynvml
        if pynvml.nvmlDeviceGetCount() == 1:
            self.handle = pynvml.nvmlDeviceGetHandleByIndex(0)
        else:  # CUDA_VISIBLE_DEVICES numbers devices anew; the UUID holds in both.
            uuid = torch.cuda.get_device_properties(torch.cuda.current_device()).uuid
            self.handle = pynvml.nvmlDeviceGetHandleByUUID(f"GPU-{uuid}")
        self.name, self.driver = (
            text.decode() if isinstance(text, bytes) else text
            for text in (pynvml.nvmlDeviceGetName(self.handle),
                         pynvml.nvmlSystemGetDriverVersion()))

    def joules(self) -> float:
        return self.nvml.nvmlDeviceGetTotalEnergyConsumption(self.handle) / 1e3

    def sm_mhz(self) -> int:
        return self.nvml.nvmlDeviceGetClockInfo(self.handle, self.nvml.NVML_CLOCK_SM)


class Graph:
    """`calls` calls of fn(i) captured once; on a CPU they are simply called."""

    def __init__(self, fn, calls: int = 1, graphed: bool = True):
        self.fn, self.calls, self.graph = fn, calls, None
        if not torch.cuda.is_available():
            fn(0)
            return
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for i in range(2):
                fn(i)
        torch.cuda.current_stream().wait_stream(side)
        torch.cuda.synchronize()
        if graphed:
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                for i in range(calls):
                    fn(i)

    def run(self):
        if self.graph is not None:
            self.graph.replay()
            return
        for i in range(self.calls):
            self.fn(i)

    def seconds(self, replays: int = 12) -> float:
        """Median seconds of ONE call."""
        if not torch.cuda.is_available():
            begin = time.perf_counter()
            self.run()
            return (time.perf_counter() - begin) / self.calls
        for _ in range(3):
            self.run()
        marks = [torch.cuda.Event(enable_timing=True) for _ in range(replays + 1)]
        marks[0].record()
        for mark in marks[1:]:
            self.run()
            mark.record()
        torch.cuda.synchronize()
        times = [a.elapsed_time(b) for a, b in zip(marks, marks[1:])]
        return statistics.median(times) / 1e3 / self.calls


class Bench:
    """Collects rows of one process; every row is on disk when row() returns."""

    def __init__(self, path: str, seconds: float, dry: bool):
        self.board, self.dry = Board(dry), dry
        self.device = "cpu" if dry else "cuda"
        self.end = time.monotonic() + seconds
        self.file = open(path, "w", newline="")
        self.rows = csv.writer(self.file, lineterminator="\n")
        self.group = ""

    def left(self) -> float:
        return self.end - time.monotonic()

    @contextlib.contextmanager
    def point(self, what: str, need: float = 2.0):
        """One point: its failure is logged and the next one is tried. Yields False where fewer
        than `need` seconds are left."""
        if self.left() < need:
            print(f"skipped, no time left: {self.group} {what}", file=sys.stderr)
            yield False
            return
        try:
            yield True
        except Exception as error:  # A point that can't be measured here is left out, and told.
            print(f"failed: {self.group} {what}: {type(error).__name__}: {str(error)[:600]}",
                  file=sys.stderr)
            if self.dry:
                traceback.print_exc()
            if any(text in str(error) for text in FATAL):
                raise SystemExit(3) from error
        if not self.dry:
            torch.cuda.empty_cache()

    def watts(self, graph: Graph, replay_seconds: float, seconds: float = 1.5):
        """{watts, sm_mhz, replay}: means over a span in which the device is never idle, warm and at
        the clock that the power limit leaves. Reading the energy counter takes milliseconds, so the
        next batch of replays is queued before it is read."""
        if self.dry:
            return {}
        batch = max(1, int(0.04 / replay_seconds))
        marks, clocks, queued, begin = [], [], [], time.perf_counter()
        while time.perf_counter() - begin < seconds + 0.3 or len(marks) < 3:
            for _ in range(batch):
                graph.run()
            queued.append(torch.cuda.Event())
            queued[-1].record()
            if len(queued) < 3:
                continue
            queued.pop(0).synchronize()  # Two batches are still behind this one.
            if time.perf_counter() - begin > 0.3:
                marks.append((time.perf_counter(), self.board.joules()))
                clocks.append(self.board.sm_mhz())
        torch.cuda.synchronize()
        (t0, e0), (t1, e1) = marks[0], marks[-1]
        return {"watts": (e1 - e0) / (t1 - t0), "sm_mhz": int(statistics.median(clocks)),
                "replay": (t1 - t0) / (batch * (len(marks) - 1))}

    def row(self, op, dtype, params, seconds, nbytes=None, flops=None, watts=None):
        def shown(value, digits):
            return "" if value is None else f"{value:.{digits}g}"
        self.rows.writerow([
            self.board.name, self.board.driver, time.strftime("%Y-%m-%d"), self.group, op, dtype,
            ";".join(f"{key}={value}" for key, value in params.items()), f"{seconds * 1e3:.5g}",
            shown(nbytes and nbytes / seconds / 1e9, 5), shown(flops and flops / seconds / 1e12, 5),
            shown(watts, 4)])
        self.file.flush()

    def time(self, op, dtype, params, fn, *, calls=1, nbytes=None, flops=None, power=False,
             replays=12, graphed=True):
        """Measures fn(i) and writes its row. Returns seconds of one call."""
        graph = Graph(fn, calls, graphed)
        seconds = graph.seconds(replays)
        held = self.watts(graph, seconds * calls) if power else {}
        if held:
            params = {**params, "sm_mhz": held["sm_mhz"],
                      "sustained_ms": f"{held['replay'] / calls * 1e3:.5g}"}
        self.row(op, dtype, params, seconds, nbytes, flops, held.get("watts"))
        return seconds
