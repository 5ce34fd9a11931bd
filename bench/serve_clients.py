#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""serve_clients.py ASSAY [SECONDS]: how late `assay serve --sim fleet-8` samples with one client, and
with 64 of which 8 never read; and its memory before and after.

A window's end lies on the sampler's grid or after it. How late it is: its distance to the earliest
one, modulo the period (the grid itself is not told). Beside it how late a process is that does
nothing but sleep to the same kind of grid: what the machine itself adds."""

import multiprocessing
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time

PERIOD_NS = 200_000_000  # at 100 ms a late window would move the next: the counters refresh no faster


def lateness_ms(ends_ns):
    """Of each, to the earliest on the grid."""
    phase = [end % PERIOD_NS for end in ends_ns]
    # The grid may lie anywhere in the period: begin right after the widest gap.
    ordered = sorted(phase)
    gaps = [(b - a) % PERIOD_NS for a, b in zip(ordered, ordered[1:] + ordered[:1])]
    start = ordered[(gaps.index(max(gaps)) + 1) % len(ordered)]
    return sorted(((each - start) % PERIOD_NS) / 1e6 for each in phase)


def row(name, late):
    at = lambda share: late[min(len(late) - 1, int(share * len(late)))]
    print(f"{name:42} {len(late):6} {at(0.5):9.2f} {at(0.95):9.2f} {late[-1]:9.2f}", flush=True)


def sleeper(seconds, out):
    start = time.monotonic_ns() + PERIOD_NS
    woke = []
    for i in range(int(seconds * 1e9 / PERIOD_NS)):
        due = start + i * PERIOD_NS
        time.sleep(max(0, due - time.monotonic_ns()) / 1e9)
        woke.append(time.monotonic_ns() - start)
    out.put(woke)


class Clients:
    """Event streams of one daemon; those that read are read, the others never."""

    def __init__(self, port, reading, never):
        self.selector = selectors.DefaultSelector()
        self.sockets = []
        for i in range(reading + never):
            s = socket.socket()
            if i >= reading:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.connect(("127.0.0.1", port))
            s.sendall(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            s.setblocking(False)
            self.sockets.append(s)
            if i < reading:
                self.selector.register(s, selectors.EVENT_READ, i)
        self.first = b""  # the tail of what the first has heard

    def listen(self, seconds):
        """The ends of windows that the first client heard of."""
        ends, stop = [], time.monotonic() + seconds
        while (left := stop - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                data = key.fileobj.recv(1 << 20)
                if not data:
                    sys.exit("serve_clients: a client that reads was dropped")
                if key.data == 0:
                    *lines, self.first = (self.first + data).split(b"\n")
                    ends += [int(line[4:]) for line in lines if line.startswith(b"id: ")]
        return ends

    def close(self):
        for s in self.sockets:
            s.close()


def metric(port, name):
    s = socket.create_connection(("127.0.0.1", port))
    s.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    text = b"".join(iter(lambda: s.recv(1 << 16), b"")).decode()
    return next(line.split()[1] for line in text.splitlines() if line.startswith(name + " "))


def resident_mib(pid):
    status = open(f"/proc/{pid}/status").read()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(name, daemon, port, seconds, reading, never):
    out = multiprocessing.Queue()
    control = multiprocessing.Process(target=sleeper, args=(seconds, out))
    clients = Clients(port, reading, never)
    clients.listen(1)
    control.start()
    ends = clients.listen(seconds)
    woke = out.get()
    control.join()
    row(name, lateness_ms(ends))
    row("  a sleeper beside it", lateness_ms(woke))
    print(f"  {resident_mib(daemon):.1f} MiB resident, subscribers dropped "
          f"{metric(port, 'assay_serve_subscribers_dropped_total')}, windows not stored "
          f"{metric(port, 'assay_serve_windows_unstored_total')}", flush=True)
    clients.close()


def main():
    assay = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30
    with tempfile.TemporaryDirectory() as store:
        daemon = subprocess.Popen(
            [assay, "serve", "--sim", "fleet-8", "--period", f"{PERIOD_NS // 1_000_000}ms",
             "--listen", "127.0.0.1:0", "--store", os.path.join(store, "s")],
            stdout=subprocess.PIPE, text=True)
        port = int(daemon.stdout.readline().rstrip("/\n").rsplit(":", 1)[1])
        try:
            time.sleep(5)
            print(f"{'windows of 200 ms; ms late':42} {'n':>6} {'median':>9} {'95 %':>9} {'worst':>9}")
            measure("one client", daemon.pid, port, seconds, 1, 0)
            measure("64 clients, 8 of them never read", daemon.pid, port, seconds, 56, 8)
            measure("one client again", daemon.pid, port, seconds, 1, 0)
        finally:
            daemon.terminate()
            daemon.wait()


main()
