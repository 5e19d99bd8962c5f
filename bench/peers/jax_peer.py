"""JAX, the whole step under jit, on the CPU: `python jax_peer.py TASK`. Needs jax; set its threads by XLA_FLAGS."""

import json

try:
    import jax
    import jax.numpy as jnp
except ImportError:
    print(json.dumps({"absent": "jax is not installed in that environment"}))
    raise SystemExit

from tasks import batch_of, serve, task, weights_of

layers, batch, learning_rate = task()
inputs, labels = batch_of(layers, batch)
x = jnp.asarray(inputs)
y = jnp.asarray(labels)
params = [(jnp.asarray(weights_of(a, b)), jnp.zeros(b)) for a, b in zip(layers, layers[1:])]


def loss(params, x, y):
    h = x
    for i, (kernel, bias) in enumerate(params):
        h = h @ kernel + bias
        if i < len(params) - 1:
            h = jax.nn.relu(h)
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(h), y[:, None], axis=1))


@jax.jit
def step(params, m, v, t, x, y):
    value, gradients = jax.value_and_grad(loss)(params, x, y)
    t = t + 1
    rate = learning_rate * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradients)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradients)
    params = jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-7), params, m, v)
    return value, params, m, v, t


zeros = jax.tree.map(jnp.zeros_like, params)
state = [params, zeros, zeros, jnp.asarray(0.0)]


def once():
    value, *state[:] = step(*state, x, y)
    return float(value)


serve(once)
