"""The tasks of ../tasks.mjs and the loop of serve.mjs, for Python. Needs numpy."""

import json
import sys
import time

import numpy as np

TASKS = {
    "iris": ([4, 10, 10, 3], 16, 0.01),
    "mlp": ([784, 512, 10], 128, 0.001),
}
WANTED_SECONDS = 0.3


def task():
    return TASKS[sys.argv[1]]


def batch_of(layers, batch):
    width, classes, half = layers[0], layers[-1], batch // 2
    x = np.sin(np.arange(batch * width) % (half * width) * 12.9898) * 43758.5453
    inputs = (x - np.floor(x)).astype(np.float32).reshape(batch, width)
    rows = np.arange(batch)
    return inputs, ((rows % half + (rows >= half)) % classes).astype(np.int32)


def weights_of(rows, columns):
    x = np.sin((np.arange(rows * columns) + 1) * 78.233) * 43758.5453
    limit = np.sqrt(6 / (rows + columns))
    return ((2 * (x - np.floor(x)) - 1) * limit).astype(np.float32).reshape(rows, columns)


def timed(step, count):
    start = time.perf_counter()
    loss = float("nan")
    for _ in range(count):
        loss = step()
    return {"microseconds": (time.perf_counter() - start) * 1e6 / count, "loss": loss}


def serve(step):
    timed(step, 5)
    count = max(3, round(WANTED_SECONDS * 1e6 / timed(step, 5)["microseconds"]))
    timed(step, count)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        if line.strip() == "stop":
            break
        print(json.dumps(timed(step, count)), flush=True)
