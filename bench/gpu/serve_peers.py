#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""serve_peers.py [BIN] [SECONDS]: CPU of `assay serve` with nobody looking and of nvtop at 1 Hz, side
by side on this machine's GPUs: idle, then with the fp32 kernel of the lab on the first.

Needs nvtop in the PATH, and assay and assay-lab-one in BIN (cmake --build --preset release). CPU is
the scheduler's own count of every thread (/proc/PID/task/*/schedstat). Changes no setting."""

import fcntl
import glob
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

WARM_UP_S = 15


def cpu_s(pid):
    stats = (open(f).read().split()[0] for f in glob.glob(f"/proc/{pid}/task/*/schedstat"))
    return sum(map(int, stats)) / 1e9


def resident_mib(pid):
    status = open(f"/proc/{pid}/status").read()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def nvtop():
    """In a terminal of its own, which somebody must read."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp("nvtop", ["nvtop", "-d", "10"])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))

    def read():
        try:
            while os.read(terminal, 65536):
                pass
        except OSError:
            pass

    threading.Thread(target=read, daemon=True).start()
    return pid


def measure(state, assay, peer, seconds):
    before = cpu_s(assay), cpu_s(peer)
    time.sleep(seconds)
    ours, theirs = cpu_s(assay) - before[0], cpu_s(peer) - before[1]
    print(f"{state}: assay serve {100 * ours / seconds:.4f} % of a core, {resident_mib(assay):.1f} MiB; "
          f"nvtop {100 * theirs / seconds:.4f} %, {resident_mib(peer):.1f} MiB; "
          f"assay : nvtop {ours / theirs:.2f}", flush=True)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "build/release/bin"
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 42
    with tempfile.TemporaryDirectory() as work:
        daemon = subprocess.Popen(
            [f"{folder}/assay", "serve", "--listen", "127.0.0.1:0", "--store", f"{work}/store"],
            stdout=subprocess.PIPE, text=True)
        daemon.stdout.readline()
        peer = nvtop()
        time.sleep(WARM_UP_S)
        measure("idle", daemon.pid, peer, seconds)
        with subprocess.Popen([f"{folder}/assay-lab-one", "fp32-fma", str(seconds + 8)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            time.sleep(3)
            measure("busy", daemon.pid, peer, seconds)
        os.kill(peer, 15)
        daemon.terminate()
        daemon.wait()


main()
