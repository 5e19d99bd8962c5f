"""Writes specs/golden/expected.keras.json: what Keras gives for activations, losses, metrics and optimizers.

Run with Keras on its JAX backend:  KERAS_BACKEND=jax python scripts/goldens/from_keras.py
Names and arguments in the file are Millrace's; the specs call the ops of those names.
"""

import json
import pathlib

import keras
import numpy as np

rng = np.random.default_rng(20170317)


def rounded(value):
    """float32 results as the shortest decimals that read back to them."""
    array = np.asarray(value, dtype=np.float32)
    return [float(str(x)) for x in array.ravel()]


def activations():
    a = keras.activations
    x = np.array([-20, -6, -3, -2.5, -1, -0.6, -0.25, 0, 0.25, 0.5, 0.75, 1, 2, 3.5, 6, 7, 20], dtype=np.float32)
    calls = {
        "relu": (a.relu, {}), "relu6": (a.relu6, {}), "elu": (a.elu, {}), "selu": (a.selu, {}),
        "leakyRelu": (a.leaky_relu, {}), "celu": (a.celu, {}), "gelu": (lambda v: a.gelu(v, approximate=True), {}),
        "sigmoid": (a.sigmoid, {}), "logSigmoid": (a.log_sigmoid, {}), "silu": (a.silu, {}),
        "softplus": (a.softplus, {}), "softsign": (a.softsign, {}), "tanh": (a.tanh, {}),
        "hardSigmoid": (a.hard_sigmoid, {}), "hardSilu": (a.hard_silu, {}), "hardTanh": (a.hard_tanh, {}),
        "hardShrink": (a.hard_shrink, {}), "softShrink": (a.soft_shrink, {}), "tanhShrink": (a.tanh_shrink, {}),
        "mish": (a.mish, {}), "exponential": (a.exponential, {}), "linear": (a.linear, {}),
        "squareplus": (a.squareplus, {}), "sparsePlus": (a.sparse_plus, {}), "sparseSigmoid": (a.sparse_sigmoid, {}),
    }
    rows = [{"op": name, "options": options, "x": x.tolist(), "y": rounded(call(x))} for name, (call, options) in calls.items()]
    rows.append({"op": "gelu", "options": {"approximate": False}, "x": x.tolist(), "y": rounded(a.gelu(x, approximate=False))})
    rows.append({"op": "elu", "options": {"alpha": 0.5}, "x": x.tolist(), "y": rounded(a.elu(x, alpha=0.5))})
    rows.append({"op": "celu", "options": {"alpha": 2}, "x": x.tolist(), "y": rounded(a.celu(x, alpha=2.0))})
    rows.append({"op": "leakyRelu", "options": {"negativeSlope": 0.01}, "x": x.tolist(),
                 "y": rounded(a.leaky_relu(x, negative_slope=0.01))})
    rows.append({"op": "threshold", "options": {"threshold": 0.5, "defaultValue": -3}, "x": x.tolist(),
                 "y": rounded(a.threshold(x, 0.5, -3.0))})
    # A Keras softmax takes two axes at least.
    for name, call in {"softmax": a.softmax, "logSoftmax": a.log_softmax}.items():
        rows.append({"op": name, "options": {}, "x": x.tolist(), "y": rounded(call(x[None])[0])})
    return rows


def losses():
    l, m = keras.losses, keras.metrics
    rows = []

    def row(op, call, y_true, y_pred, dtype, **options):
        keras_options = {"".join("_" + c.lower() if c.isupper() else c for c in k): v for k, v in options.items()}
        y = call(np.asarray(y_true), np.asarray(y_pred, dtype=np.float32), **keras_options)
        rows.append({"op": op, "options": options, "yTrue": np.asarray(y_true).tolist(), "dtype": dtype,
                     "yPred": np.asarray(y_pred, dtype=np.float32).tolist(), "y": rounded(y)})

    n = lambda *shape: rng.normal(size=shape).astype(np.float32).round(3)
    p = lambda *shape: rng.uniform(0, 1, size=shape).astype(np.float32).round(3)
    for op, call in {"meanSquaredError": l.mean_squared_error, "meanAbsoluteError": l.mean_absolute_error}.items():
        row(op, call, n(4, 3), n(4, 3), "float32")
        row(op, call, n(4), n(4, 1), "float32")
        row(op, call, n(4, 1), n(4), "float32")
        row(op, call, n(2, 3, 2), n(2, 3, 2), "float32")
    bits = lambda *shape: rng.integers(0, 2, size=shape).astype(np.float32)
    for options in ({}, {"labelSmoothing": 0.1}, {"fromLogits": True}, {"fromLogits": True, "labelSmoothing": 0.2}):
        pred = (lambda *s: n(*s) * 4) if options.get("fromLogits") else p
        row("binaryCrossentropy", l.binary_crossentropy, bits(4, 3), pred(4, 3), "float32", **options)
        # The class makes the ranks alike, which the function leaves to it.
        as_class = lambda t, y, **given: l.BinaryCrossentropy(reduction=None, **given)(t, y)
        row("binaryCrossentropy", as_class, bits(5), pred(5, 1), "float32", **options)
        hot = np.eye(4, dtype=np.float32)[rng.integers(0, 4, size=5)]
        row("categoricalCrossentropy", l.categorical_crossentropy, hot, pred(5, 4), "float32", **options)
    row("binaryCrossentropy", l.binary_crossentropy, [[0.0, 1.0, 1.0]], [[0.0, 0.0, 1.0]], "float32")
    for from_logits in (False, True):
        pred = n if from_logits else p
        labels = rng.integers(0, 4, size=6)
        row("sparseCategoricalCrossentropy", l.sparse_categorical_crossentropy, labels, pred(6, 4), "int32", fromLogits=from_logits)
        row("sparseCategoricalCrossentropy", l.sparse_categorical_crossentropy, labels[:, None], pred(6, 4), "int32", fromLogits=from_logits)
        row("sparseCategoricalCrossentropy", l.sparse_categorical_crossentropy, rng.integers(0, 3, size=(2, 5)),
            pred(2, 5, 3), "int32", fromLogits=from_logits)
    # Keras keeps each answer and averages them all at the end; Millrace averages a row first.
    by_row = lambda t, y, **given: np.mean(m.binary_accuracy(t, y, **given), axis=-1)
    row("binaryAccuracy", by_row, bits(4, 3), p(4, 3), "float32")
    row("binaryAccuracy", by_row, bits(4, 3), p(4, 3), "float32", threshold=0.3)
    hot = np.eye(4, dtype=np.float32)[rng.integers(0, 4, size=6)]
    row("categoricalAccuracy", m.categorical_accuracy, hot, n(6, 4), "float32")
    row("sparseCategoricalAccuracy", m.sparse_categorical_accuracy, rng.integers(0, 4, size=6), n(6, 4), "int32")
    return rows


def optimizers():
    o = keras.optimizers
    makers = [
        ("sgd", {}, o.SGD()),
        ("sgd", {"learningRate": 0.1, "momentum": 0.9}, o.SGD(0.1, momentum=0.9)),
        ("sgd", {"learningRate": 0.1, "momentum": 0.9, "nesterov": True}, o.SGD(0.1, momentum=0.9, nesterov=True)),
        ("adam", {}, o.Adam()),
        ("adam", {"learningRate": 0.05, "beta1": 0.8, "beta2": 0.9, "epsilon": 1e-3}, o.Adam(0.05, 0.8, 0.9, 1e-3)),
        ("adam", {"learningRate": 0.05, "amsgrad": True}, o.Adam(0.05, amsgrad=True)),
    ]
    rows = []
    for name, options, optimizer in makers:
        start = rng.normal(size=5).astype(np.float32).round(3)
        gradients = (rng.normal(size=(8, 5)) * np.linspace(2, 0.2, 8)[:, None]).astype(np.float32).round(3)
        variable = keras.Variable(start)
        steps = []
        for gradient in gradients:
            optimizer.apply([gradient], [variable])
            steps.append(rounded(variable.value))
        rows.append({"optimizer": name, "options": options, "start": start.tolist(), "gradients": gradients.tolist(), "steps": steps})
    return rows


def shortened(value):
    """Inputs are float32; written with the digits they have."""
    if isinstance(value, float):
        return float(str(np.float32(value))) if np.isfinite(value) else value
    if isinstance(value, list):
        return [shortened(item) for item in value]
    return {k: v if k == "options" else shortened(v) for k, v in value.items()} if isinstance(value, dict) else value


golden = {
    "made": f"keras {keras.__version__}, numpy {np.__version__}, by scripts/goldens/from_keras.py",
    "activations": activations(),
    "losses": losses(),
    "optimizers": optimizers(),
}
target = pathlib.Path(__file__).parents[2] / "specs/golden/expected.keras.json"
target.write_text(json.dumps(shortened(golden), separators=(",", ":")).replace('{"op"', '\n{"op"').replace('{"optimizer"', '\n{"optimizer"') + "\n")
