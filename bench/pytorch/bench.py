"""PyTorch twins of `d2l bench`'s workloads: the same models, sizes, data shapes, clipping and optimizers.

    python bench/pytorch/bench.py W2_gru_lm --threads 2 --mode tuned --budget 2.5

Prints one JSON line. Mode `eager` is PyTorch as it comes. `tuned` is what it can do at best here: fused optimizers, a malloc
that keeps freed blocks (else a third of the larger steps goes to page faults), and for generation no oneDNN.
Needs Python with torch >= 2, numpy, and safetensors for G_char_lstm_generate.
"""

import argparse
import json
import os
import statistics
import sys
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("name")
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--mode", choices=["eager", "tuned"], default="eager")
parser.add_argument("--budget", type=float, default=2.5, help="seconds to measure")
args = parser.parse_args()

if "D2LTS_TWIN" not in os.environ:  # these are read when the process starts
    threads = str(args.threads)
    variables = {"D2LTS_TWIN": "1", "OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
    if args.mode == "tuned":
        keep = {"MALLOC_MMAP_THRESHOLD_": 1 << 32, "MALLOC_TRIM_THRESHOLD_": 1 << 33, "MALLOC_TOP_PAD_": 1 << 26}
        variables |= {name: str(size) for name, size in keep.items()}
    os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | variables)

import torch  # noqa: E402

torch.set_num_threads(args.threads)
torch.set_num_interop_threads(1)
torch.manual_seed(0)

import book  # noqa: E402
import generate  # noqa: E402
import lm  # noqa: E402
import micro  # noqa: E402
import nmt  # noqa: E402

workloads = lm.workloads | book.workloads | nmt.workloads | micro.workloads | generate.workloads


def peak_megabytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def measure(step, inner):
    """Median milliseconds of a step; short ones are timed `inner` at a time."""
    count, warm = 0, time.perf_counter() + 0.5
    while count < 3 or time.perf_counter() < warm:
        step(count)
        count += 1
    times, end = [], time.perf_counter() + args.budget
    while len(times) < 8 or time.perf_counter() < end:
        begin = time.perf_counter()
        for _ in range(inner):
            step(count)
            count += 1
        times.append((time.perf_counter() - begin) * 1000 / inner)
    return statistics.median(times)


record = {"workload": args.name, "threads": args.threads, "mode": args.mode}
if args.name in workloads:
    step, inner = workloads[args.name](args.mode == "tuned")
    record["reps"] = [{"median_ms": measure(step, inner)}]
    record["peak_rss_mb"] = peak_megabytes()
else:
    record["error"] = f"n/a: there is no such twin (there are {', '.join(workloads)})"
print(json.dumps(record))
