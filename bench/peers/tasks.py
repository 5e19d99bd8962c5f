"""The task whose folder is named on the command line, and the loop of serve.mjs, for Python. Needs numpy."""

import json
import os
import sys
import time

import numpy as np

WANTED_SECONDS = float(os.environ.get("MILLRACE_BENCH_SAMPLE", "300")) / 1000
FIRST_STEPS = 3


def task():
    """The description, columns by name and weights by name."""
    folder = sys.argv[1]
    with open(os.path.join(folder, "task.json")) as file:
        described = json.load(file)
    numbers = np.fromfile(os.path.join(folder, "task.bin"), dtype=np.uint8)

    def filled(place):
        dtype = np.dtype(place.get("dtype", "float32"))
        size = int(np.prod(place["shape"])) * dtype.itemsize
        return numbers[place["offset"] : place["offset"] + size].view(dtype).reshape(place["shape"])

    columns = {name: filled(place) for name, place in described["columns"].items()}
    weights = {place["name"]: filled(place) for place in described["weights"]}
    return described, columns, weights


def absent(why):
    print(json.dumps({"absent": why}), flush=True)
    raise SystemExit


def timed(step, count):
    start = time.perf_counter()
    loss = 0.0
    for _ in range(count):
        loss += step()
    return {"microseconds": (time.perf_counter() - start) * 1e6 / count, "result": loss}


def serve(step, version):
    try:
        losses = [step() for _ in range(FIRST_STEPS)]
    except Exception as error:  # What a library cannot do is a result, too.
        absent(str(error).split("\n")[0][:120])
    count = 2
    while True:
        filled = timed(step, count)["microseconds"] * count / 1e6
        if filled >= WANTED_SECONDS / 2:
            break
        count = int(np.ceil(count * min(10, WANTED_SECONDS / max(filled, 1e-5))))
    print(json.dumps({"ready": True, "losses": losses, "version": version}), flush=True)
    for line in sys.stdin:
        if line.strip() == "stop":
            break
        print(json.dumps(timed(step, count)), flush=True)
