"""JAX, the whole step under jit, on the CPU: `python jax_peer.py FOLDER`. Needs jax."""

from tasks import absent, serve, task

try:
    import jax
    import jax.numpy as jnp
except ImportError:
    absent("jax is not installed in that environment")

from jax import lax, nn

described, columns, weights = task()
sizes = described["sizes"]
kind = described["model"]
learning_rate = described["learningRate"]
data = {name: jnp.asarray(column) for name, column in columns.items()}
params = {name: jnp.asarray(weight) for name, weight in weights.items()}


def dense(w, name, x):
    return x @ w[f"{name}.kernel"] + w[f"{name}.bias"]


def chain(w, data):
    x = data["x"]
    count = len(sizes["layers"]) - 1
    for i in range(count):
        x = dense(w, f"dense.{i}", x)
        if i < count - 1:
            x = nn.relu(x)
    return x


def convolution(w, data):
    x = data["x"]
    for i in range(2):
        x = lax.conv_general_dilated(
            x, w[f"conv.{i}.kernel"], (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC")
        )
        x = nn.relu(x + w[f"conv.{i}.bias"])
        x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    return dense(w, "dense", x.reshape(len(x), -1))


def wide(w, data):
    names = [f"category{i}" for i in range(sizes["categories"])]
    seen = jnp.concatenate([*(w[f"deep.{name}"][data[name]] for name in names), data["x"]], axis=-1)
    seen = nn.relu(dense(w, "hidden.0", seen))
    seen = nn.relu(dense(w, "hidden.1", seen))
    return dense(w, "deep", seen) + dense(w, "wide", data["x"]) + sum(
        w[f"wide.{name}"][data[name]] for name in names
    )


def normalization(w, name, x):
    mean = jnp.mean(x, axis=-1, keepdims=True)
    variance = jnp.var(x, axis=-1, keepdims=True)
    scaled = (x - mean) * lax.rsqrt(variance + sizes["epsilon"])
    return scaled * w[f"{name}.gamma"] + w[f"{name}.beta"]


def transformer(w, data):
    x = w["meaning"][data["x"]] + w["place"]
    for i in range(sizes["blocks"]):
        normal = normalization(w, f"{i}.attentionNorm", x)
        query, key, value = (
            jnp.einsum("btf,fhd->bthd", normal, w[f"{i}.{part}.kernel"]) + w[f"{i}.{part}.bias"]
            for part in ("query", "key", "value")
        )
        seen = nn.dot_product_attention(query, key, value, is_causal=True)
        x = x + jnp.einsum("bthd,hdf->btf", seen, w[f"{i}.output.kernel"]) + w[f"{i}.output.bias"]
        thought = nn.gelu(dense(w, f"{i}.widen", normalization(w, f"{i}.denseNorm", x)))
        x = x + dense(w, f"{i}.narrow", thought)
    return dense(w, "letters", normalization(w, "norm", x))


def online(w, data):
    return dense(w, "dense", data["x"])


model = {
    "dense": chain,
    "convolution": convolution,
    "wide": wide,
    "transformer": transformer,
    "online": online,
}[kind]


def loss(w, data):
    outputs, label = model(w, data), data["label"]
    if kind in ("wide", "online"):
        return jnp.mean(jnp.maximum(outputs, 0) - outputs * label + jnp.log1p(jnp.exp(-jnp.abs(outputs))))
    chosen = jnp.take_along_axis(nn.log_softmax(outputs), label[..., None], axis=-1)
    return -jnp.mean(chosen)


def gradient_descent(w, m, v, t, data):
    value, gradients = jax.value_and_grad(loss)(w, data)
    return value, jax.tree.map(lambda w, g: w - learning_rate * g, w, gradients), m, v, t


def adam(w, m, v, t, data):
    value, gradients = jax.value_and_grad(loss)(w, data)
    t = t + 1
    rate = learning_rate * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradients)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradients)
    w = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-7), w, m, v)
    return value, w, m, v, t


# Training gives up the old weights, so their memory may be written over.
step = jax.jit(gradient_descent if kind == "online" else adam, donate_argnums=(0, 1, 2))
zeros = {} if kind == "online" else jax.tree.map(jnp.zeros_like, params)
state = [params, zeros, jax.tree.map(jnp.zeros_like, zeros), jnp.asarray(0.0)]


def once():
    value, *state[:] = step(*state, data)
    return float(value)


serve(once, jax.__version__)
