"""Keras on a backend of its own, by `train_on_batch`: `python keras_peer.py FOLDER`. Needs keras and jax."""

import os

from tasks import absent, serve, task

os.environ.setdefault("KERAS_BACKEND", "jax")
try:
    import keras
except ImportError:
    absent("keras is not installed in that environment")

from keras import layers, ops

described, columns, weights = task()
sizes = described["sizes"]
kind = described["model"]


def filled(layer, *names):
    """A layer that takes its weights from the task when it has been called."""
    layer.given = [name for name in names]
    return layer


def dense(name, units, activation=None):
    return filled(layers.Dense(units, activation=activation), f"{name}.kernel", f"{name}.bias")


def chain():
    widths = sizes["layers"][1:]
    activations = ["relu"] * (len(widths) - 1) + [None]
    parts = [dense(f"dense.{i}", *each) for i, each in enumerate(zip(widths, activations))]
    return keras.Sequential([keras.Input(sizes["layers"][:1]), *parts])


def convolution():
    def conv(i, filters):
        return filled(layers.Conv2D(filters, 3, activation="relu"), f"conv.{i}.kernel", f"conv.{i}.bias")

    pooled = [part for i, filters in enumerate((32, 64)) for part in (conv(i, filters), layers.MaxPooling2D(2))]
    return keras.Sequential([keras.Input((28, 28, 1)), *pooled, layers.Flatten(), dense("dense", 10)])


def wide():
    names = [f"category{i}" for i in range(sizes["categories"])]
    numbers = keras.Input((sizes["numbers"],), name="x")
    codes = {name: keras.Input((), dtype="int32", name=name) for name in names}

    def table(name, width):
        return filled(layers.Embedding(sizes["buckets"], width), name)

    found = [table(f"deep.{name}", sizes["width"])(codes[name]) for name in names]
    seen = dense("hidden.0", 256, "relu")(layers.Concatenate()([*found, numbers]))
    seen = dense("deep", 1)(dense("hidden.1", 128, "relu")(seen))
    weighed = [table(f"wide.{name}", 1)(codes[name]) for name in names]
    outputs = layers.Add()([seen, dense("wide", 1)(numbers), *weighed])
    return keras.Model({"x": numbers, **codes}, outputs)


def transformer():
    width, heads = sizes["width"], sizes["heads"]

    def normalization(name):
        layer = layers.LayerNormalization(epsilon=sizes["epsilon"])
        return filled(layer, f"{name}.gamma", f"{name}.beta")

    class Place(layers.Layer):
        def build(self, shape):
            self.embeddings = self.add_weight(shape=(sizes["context"], width))

        def call(self, x):
            return x + self.embeddings

    letters = keras.Input((sizes["context"],), dtype="int32")
    x = filled(layers.Embedding(sizes["characters"], width), "meaning")(letters)
    x = filled(Place(), "place")(x)
    for i in range(sizes["blocks"]):
        normal = normalization(f"{i}.attentionNorm")(x)
        names = [f"{i}.{part}.{of}" for part in ("query", "key", "value", "output") for of in ("kernel", "bias")]
        attention = filled(layers.MultiHeadAttention(heads, width // heads), *names)
        x = x + attention(normal, normal, use_causal_mask=True)
        thought = normalization(f"{i}.denseNorm")(x)
        thought = dense(f"{i}.widen", 4 * width, lambda y: ops.gelu(y, approximate=True))(thought)
        x = x + dense(f"{i}.narrow", width)(thought)
    outputs = dense("letters", sizes["characters"])(normalization("norm")(x))
    return keras.Model(letters, outputs)


def online():
    return keras.Sequential([keras.Input((sizes["features"],)), dense("dense", 1)])


model = {
    "dense": chain,
    "convolution": convolution,
    "wide": wide,
    "transformer": transformer,
    "online": online,
}[kind]()
for layer in model.layers:
    names = getattr(layer, "given", [])
    if names:
        layer.set_weights([weights[name] for name in names])
if kind in ("wide", "online"):
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
else:
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
rate = described["learningRate"]
optimizer = keras.optimizers.SGD(rate) if kind == "online" else keras.optimizers.Adam(rate, epsilon=1e-7)
model.compile(optimizer=optimizer, loss=loss)
inputs = {name: column for name, column in columns.items() if name != "label"}
if kind != "wide":
    inputs = inputs["x"]


def once():
    # What it gives is the mean over all batches since the last reset.
    model.reset_metrics()
    return float(model.train_on_batch(inputs, columns["label"]))


serve(once, f"{keras.__version__} on {keras.backend.backend()}")
