"""Writes specs/golden/convolution.keras.json: what Keras gives for layers of convolution, pooling, padding and resizing.

Run with Keras on its JAX backend:  KERAS_BACKEND=jax python scripts/goldens/convolution.py
Names and arguments in the file are Millrace's; parameters are called as Millrace calls them.
Gradients are those of the sum of the result times the given weights.
"""

import json
import pathlib

import jax
import jax.numpy as jnp
import keras
import numpy as np

jax.config.update("jax_enable_x64", True)
keras.backend.set_floatx("float64")

rng = np.random.default_rng(19980101)
cases = []


def numbers(*shape):
    """Halves from -4 to 4: their products and sums are exact, and short when written down."""
    return rng.integers(-8, 9, size=shape) / 2


def distinct(*shape):
    """No two alike, so that every window has one largest element."""
    return (rng.permutation(int(np.prod(shape))).reshape(shape) - 20) / 2


def listed(value):
    return {"shape": list(np.shape(value)), "data": [float(f"{x:.8g}") for x in np.asarray(value, dtype=np.float64).ravel()]}


def short(name):
    """Keras's names of variables in camelCase."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def case(name, args, layer, x):
    layer(x)
    for variable in layer.trainable_variables:
        variable.assign(numbers(*variable.shape))
    params = [v.value for v in layer.trainable_variables]
    names = [short(v.name) for v in layer.trainable_variables]
    y = layer(x)
    weights = numbers(*y.shape)

    def loss(params, x):
        y, _ = layer.stateless_call(params, [v.value for v in layer.non_trainable_variables], x)
        return jnp.sum(y * weights)

    to_params, to_x = jax.grad(loss, argnums=(0, 1))(params, jnp.asarray(x))
    cases.append({
        "layer": name, "args": args, "x": listed(x), "weights": listed(weights), "y": listed(y), "dx": listed(to_x),
        "params": {n: listed(v) for n, v in zip(names, params)},
        "slopes": {n: listed(g) for n, g in zip(names, to_params)},
    })


L = keras.layers
case("conv1d", [3, 2], L.Conv1D(3, 2), numbers(2, 5, 2))
case("conv1d", [2, 3, {"padding": "same", "strides": 2}], L.Conv1D(2, 3, padding="same", strides=2), numbers(2, 6, 2))
case("conv1d", [2, 3, {"padding": "causal", "dilationRate": 2}], L.Conv1D(2, 3, padding="causal", dilation_rate=2), numbers(2, 6, 2))
case("conv1d", [4, 2, {"groups": 2, "useBias": False}], L.Conv1D(4, 2, groups=2, use_bias=False), numbers(2, 4, 6))
case("conv2d", [3, 3], L.Conv2D(3, 3), numbers(2, 5, 4, 2))
case("conv2d", [3, [3, 2], {"strides": [2, 1], "padding": "same"}], L.Conv2D(3, (3, 2), strides=(2, 1), padding="same"), numbers(2, 4, 5, 2))
case("conv2d", [2, 3, {"strides": 3}], L.Conv2D(2, 3, strides=3), numbers(2, 8, 7, 3))
case("conv2d", [2, 2, {"dilationRate": [2, 3], "padding": "same"}], L.Conv2D(2, 2, dilation_rate=(2, 3), padding="same"), numbers(1, 4, 5, 2))
case("conv2d", [6, 2, {"groups": 3}], L.Conv2D(6, 2, groups=3), numbers(2, 3, 3, 6))
case("conv2d", [4, 1], L.Conv2D(4, 1), numbers(2, 3, 2, 3))
case("conv2d", [2, 1, {"strides": 2}], L.Conv2D(2, 1, strides=2), numbers(2, 4, 5, 3))
case("conv3d", [2, 2], L.Conv3D(2, 2), numbers(1, 3, 3, 3, 2))
case("conv3d", [2, [1, 2, 3], {"strides": [1, 2, 1], "padding": "same"}],
     L.Conv3D(2, (1, 2, 3), strides=(1, 2, 1), padding="same"), numbers(1, 2, 4, 3, 2))
case("conv1dTranspose", [2, 3], L.Conv1DTranspose(2, 3), numbers(2, 4, 3))
case("conv1dTranspose", [2, 2, {"strides": 3}], L.Conv1DTranspose(2, 2, strides=3), numbers(2, 3, 2))
case("conv1dTranspose", [2, 3, {"strides": 2, "padding": "same"}], L.Conv1DTranspose(2, 3, strides=2, padding="same"), numbers(2, 3, 2))
case("conv1dTranspose", [2, 3, {"strides": 2, "padding": "same", "outputPadding": 0}],
     L.Conv1DTranspose(2, 3, strides=2, padding="same", output_padding=0), numbers(2, 3, 2))
case("conv1dTranspose", [2, 2, {"dilationRate": 2}], L.Conv1DTranspose(2, 2, dilation_rate=2), numbers(2, 3, 2))
case("conv2dTranspose", [3, 3, {"strides": 2}], L.Conv2DTranspose(3, 3, strides=2), numbers(2, 3, 2, 2))
case("conv2dTranspose", [2, [3, 2], {"strides": [2, 3], "padding": "same"}],
     L.Conv2DTranspose(2, (3, 2), strides=(2, 3), padding="same"), numbers(1, 3, 2, 2))
case("conv2dTranspose", [2, 3, {"strides": 2, "outputPadding": 1, "useBias": False}],
     L.Conv2DTranspose(2, 3, strides=2, output_padding=1, use_bias=False), numbers(1, 2, 3, 2))
case("conv3dTranspose", [2, 2, {"strides": 2}], L.Conv3DTranspose(2, 2, strides=2), numbers(1, 2, 2, 2, 2))
case("depthwiseConv1d", [3, {"padding": "same"}], L.DepthwiseConv1D(3, padding="same"), numbers(2, 5, 3))
case("depthwiseConv2d", [3], L.DepthwiseConv2D(3), numbers(2, 4, 5, 3))
case("depthwiseConv2d", [2, {"strides": 2, "depthMultiplier": 2, "padding": "same"}],
     L.DepthwiseConv2D(2, strides=2, depth_multiplier=2, padding="same"), numbers(2, 5, 4, 2))
case("depthwiseConv2d", [2, {"depthMultiplier": 6, "dilationRate": 2, "useBias": False}],
     L.DepthwiseConv2D(2, depth_multiplier=6, dilation_rate=2, use_bias=False), numbers(2, 4, 4, 2))
case("separableConv1d", [3, 3, {"padding": "same"}], L.SeparableConv1D(3, 3, padding="same"), numbers(2, 4, 2))
case("separableConv2d", [3, 2], L.SeparableConv2D(3, 2), numbers(2, 3, 4, 2))
case("separableConv2d", [2, 3, {"strides": 2, "padding": "same", "depthMultiplier": 2}],
     L.SeparableConv2D(2, 3, strides=2, padding="same", depth_multiplier=2), numbers(2, 4, 4, 3))
case("maxPooling1d", [], L.MaxPooling1D(), distinct(2, 5, 3))
case("maxPooling2d", [], L.MaxPooling2D(), distinct(2, 5, 4, 3))
case("maxPooling2d", [[3, 2], {"strides": [1, 2], "padding": "same"}], L.MaxPooling2D((3, 2), strides=(1, 2), padding="same"), distinct(2, 4, 5, 2))
case("maxPooling3d", [2, {"strides": 1}], L.MaxPooling3D(2, strides=1), distinct(1, 3, 3, 3, 2))
case("averagePooling1d", [3, {"strides": 1, "padding": "same"}], L.AveragePooling1D(3, strides=1, padding="same"), numbers(2, 5, 2))
case("averagePooling2d", [2], L.AveragePooling2D(2), numbers(2, 5, 4, 2))
case("averagePooling2d", [[3, 2], {"strides": 2, "padding": "same"}], L.AveragePooling2D((3, 2), strides=2, padding="same"), numbers(2, 4, 5, 2))
case("averagePooling3d", [2], L.AveragePooling3D(2), numbers(1, 2, 4, 2, 2))
for rank, shape in ((1, (2, 4, 3)), (2, (2, 3, 2, 3)), (3, (1, 2, 3, 2, 2))):
    case(f"globalMaxPooling{rank}d", [], getattr(L, f"GlobalMaxPooling{rank}D")(), distinct(*shape))
    case(f"globalAveragePooling{rank}d", [{"keepDims": True}], getattr(L, f"GlobalAveragePooling{rank}D")(keepdims=True), numbers(*shape))
case("zeroPadding1d", [], L.ZeroPadding1D(), numbers(2, 3, 2))
case("zeroPadding1d", [[0, 2]], L.ZeroPadding1D((0, 2)), numbers(2, 3, 2))
case("zeroPadding2d", [], L.ZeroPadding2D(), numbers(1, 2, 3, 2))
case("zeroPadding2d", [[[0, 2], [1, 0]]], L.ZeroPadding2D(((0, 2), (1, 0))), numbers(1, 2, 3, 2))
case("zeroPadding3d", [[0, 2, 1]], L.ZeroPadding3D((0, 2, 1)), numbers(1, 2, 1, 2, 2))
case("cropping1d", [], L.Cropping1D(), numbers(2, 5, 2))
case("cropping1d", [[2, 0]], L.Cropping1D((2, 0)), numbers(2, 5, 2))
case("cropping2d", [[[1, 0], [0, 2]]], L.Cropping2D(((1, 0), (0, 2))), numbers(1, 3, 4, 2))
case("cropping2d", [], L.Cropping2D(), numbers(1, 2, 2, 2))
case("cropping3d", [], L.Cropping3D(), numbers(1, 3, 4, 3, 2))
case("upSampling1d", [], L.UpSampling1D(), numbers(2, 3, 2))
case("upSampling2d", [[2, 3]], L.UpSampling2D((2, 3)), numbers(1, 2, 3, 2))
case("upSampling2d", [[2, 3], {"interpolation": "bilinear"}], L.UpSampling2D((2, 3), interpolation="bilinear"), numbers(1, 3, 2, 2))
case("upSampling2d", [4, {"interpolation": "bilinear"}], L.UpSampling2D(4, interpolation="bilinear"), numbers(1, 2, 1, 2))
case("upSampling3d", [], L.UpSampling3D(), numbers(1, 2, 1, 2, 2))

path = pathlib.Path(__file__).parents[2] / "specs/golden/convolution.keras.json"
lines = ",\n".join(json.dumps(c, separators=(",", ":")).replace(".0,", ",").replace(".0]", "]") for c in cases)
path.write_text(f'{{"made":"Keras {keras.__version__} on JAX {jax.__version__}","cases":[\n{lines}\n]}}\n')
