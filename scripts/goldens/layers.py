"""Writes specs/golden/layers.json: what Keras gives for layers, their gradients and their moving statistics.

Run with Keras on its JAX backend:  KERAS_BACKEND=jax python scripts/goldens/layers.py
Names and arguments in the file are Millrace's; parameters are called as Millrace calls them.
Gradients are those of the sum of the result times the given weights.
"""

import json
import pathlib

import jax
import jax.numpy as jnp
import keras
import numpy as np

# Golden values are computed in float64, and so are exact as far as float32 can tell.
jax.config.update("jax_enable_x64", True)
keras.backend.set_floatx("float64")

rng = np.random.default_rng(20150613)
cases = []


def normal(*shape, scale=1.0, shift=0.0):
    return (rng.normal(size=shape) * scale + shift).round(2)


def listed(value):
    return {"shape": list(np.shape(value)), "data": [float(f"{x:.8g}") for x in np.asarray(value, dtype=np.float64).ravel()]}


def case(name, args, layer, names, *inputs, training=False, call=None, call_options=None, tensors=None):
    """`names` maps our parameters to the layer's variables, found once it is built."""
    call = call or {}
    tensors = tensors or {}
    layer(*inputs, **call, **tensors)
    variables = names(layer)
    for variable in variables.values():
        positive = "ariance" in variable.path
        variable.assign(np.abs(normal(*variable.shape)) + 0.5 if positive else normal(*variable.shape))
    before = {ours: listed(variable.value) for ours, variable in variables.items()}
    trainable = [v.value for v in layer.trainable_variables]
    rest = [v.value for v in layer.non_trainable_variables]
    float_inputs = [i for i, x in enumerate(inputs) if np.asarray(x).dtype.kind == "f"]
    weights = None

    def run(trainable, floats):
        given = list(inputs)
        for i, value in zip(float_inputs, floats):
            given[i] = value
        options = dict(call)
        if name == "batchNormalization":
            options["training"] = training
        y, after = layer.stateless_call(trainable, rest, *given, **options, **tensors)
        return (jnp.sum(y * weights) if weights is not None else 0.0), (y, after)

    floats = [jnp.asarray(inputs[i]) for i in float_inputs]
    _, (y, _) = run(trainable, floats)
    weights = normal(*y.shape)
    (_, (y, after)), (to_params, to_inputs) = jax.value_and_grad(run, argnums=(0, 1), has_aux=True)(trainable, floats)
    ours_of = {id(variable): ours for ours, variable in variables.items()}
    cases.append({
        "layer": name, "args": args, "training": training, **({"call": call_options} if call_options else {}),
        "inputs": [{**listed(x), "dtype": "float32" if np.asarray(x).dtype.kind == "f" else "int32"} for x in inputs],
        **({"mask": listed(np.asarray(tensors["attention_mask"], dtype=np.float64))} if tensors else {}),
        "params": before, "weights": listed(weights), "y": listed(y),
        "gradients": {
            "inputs": [listed(g) for g in to_inputs],
            "params": {ours_of[id(v)]: listed(g) for v, g in zip(layer.trainable_variables, to_params)},
        },
        "after": {ours_of[id(v)]: listed(value) for v, value in zip(layer.non_trainable_variables, after) if id(v) in ours_of},
    })


def attributes(**ours):
    return lambda layer: {name: getattr(layer, attribute) for name, attribute in ours.items() if getattr(layer, attribute, None) is not None}


affine = attributes(gamma="gamma", beta="beta")
moving = attributes(gamma="gamma", beta="beta", movingMean="moving_mean", movingVariance="moving_variance")
L = keras.layers

case("layerNormalization", [{}], L.LayerNormalization(), affine, normal(4, 6, scale=3, shift=10))
case("layerNormalization", [{"axis": [1, 2], "epsilon": 0.1}], L.LayerNormalization(axis=[1, 2], epsilon=0.1), affine, normal(3, 4, 2))
case("layerNormalization", [{"axis": 1, "center": False}], L.LayerNormalization(axis=1, center=False), affine, normal(2, 3, 4))
case("layerNormalization", [{"scale": False}], L.LayerNormalization(scale=False), affine, normal(2, 2, 3))
case("groupNormalization", [{"groups": 2}], L.GroupNormalization(groups=2), affine, normal(2, 3, 2, 4))
case("groupNormalization", [{"groups": -1, "epsilon": 0.01}], L.GroupNormalization(groups=-1, epsilon=0.01), affine, normal(2, 5, 3))
case("groupNormalization", [{"groups": 3, "axis": 1, "scale": False}], L.GroupNormalization(groups=3, axis=1, scale=False), affine, normal(2, 6, 3))
case("rmsNormalization", [{}], L.RMSNormalization(), attributes(scale="scale"), normal(3, 5, scale=2))
case("rmsNormalization", [{"axis": [1, 2], "epsilon": 0.5}], L.RMSNormalization(axis=[1, 2], epsilon=0.5), attributes(scale="scale"), normal(2, 3, 2))
case("unitNormalization", [{}], L.UnitNormalization(), attributes(), normal(3, 4))
case("unitNormalization", [{"axis": 1}], L.UnitNormalization(axis=1), attributes(), normal(2, 3, 2))
for training in (True, False):
    case("batchNormalization", [{}], L.BatchNormalization(), moving, normal(5, 3, scale=2, shift=4), training=training)
    case("batchNormalization", [{"axis": 1, "momentum": 0.8, "epsilon": 0.01}],
         L.BatchNormalization(axis=1, momentum=0.8, epsilon=0.01), moving, normal(3, 2, 4), training=training)
case("batchNormalization", [{"center": False, "scale": False}], L.BatchNormalization(center=False, scale=False), moving,
     normal(2, 2, 2, 3), training=True)
case("embedding", [5, 3], L.Embedding(5, 3), attributes(embeddings="embeddings"), rng.integers(0, 5, size=(2, 4)).astype(np.int32))
case("prelu", [{}], L.PReLU(), attributes(alpha="alpha"), normal(3, 4))
case("prelu", [{"sharedAxes": [1]}], L.PReLU(shared_axes=[1]), attributes(alpha="alpha"), normal(2, 3, 2))


def attention(layer):
    parts = {"query": layer._query_dense, "key": layer._key_dense, "value": layer._value_dense, "output": layer._output_dense}
    kernels = {f"{part}.kernel": dense.kernel for part, dense in parts.items()}
    return {**kernels, **{f"{part}.bias": dense.bias for part, dense in parts.items() if dense.bias is not None}}


x = normal(2, 4, 3)
case("multiHeadAttention", [2, 3], L.MultiHeadAttention(2, 3), attention, x, x)
case("multiHeadAttention", [2, 2, {"valueDim": 4, "useBias": False, "outputShape": 5}],
     # Any dropout keeps Keras off a fused attention that cannot do with values of another length; it is not training here.
     L.MultiHeadAttention(2, 2, value_dim=4, use_bias=False, output_shape=5, dropout=0.1), attention, normal(2, 3, 4), normal(2, 5, 2), normal(2, 5, 3))
case("multiHeadAttention", [3, 2], L.MultiHeadAttention(3, 2), attention, x, x,
     call={"use_causal_mask": True}, call_options={"useCausalMask": True})
case("multiHeadAttention", [2, 2], L.MultiHeadAttention(2, 2), attention, normal(2, 3, 2), normal(2, 4, 2),
     tensors={"attention_mask": rng.integers(0, 2, size=(2, 3, 4)).astype(bool)})

golden = {"made": f"keras {keras.__version__}, jax {jax.__version__}, by scripts/goldens/layers.py", "cases": cases}
target = pathlib.Path(__file__).parents[2] / "specs/golden/layers.json"
target.write_text(json.dumps(golden, separators=(",", ":")).replace('{"layer"', '\n{"layer"') + "\n")
print(target, target.stat().st_size, "bytes,", len(cases), "cases")
