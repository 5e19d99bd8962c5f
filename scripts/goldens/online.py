"""Writes specs/golden/online.json: what Keras gives for FTRL, and scikit-learn for passive-aggressive learning.

Run with Keras on its JAX backend and scikit-learn:  KERAS_BACKEND=jax python scripts/goldens/online.py
Options in the file are Millrace's.
"""

import json
import pathlib
import warnings

import keras
import numpy as np
import sklearn
from sklearn.linear_model import PassiveAggressiveClassifier, PassiveAggressiveRegressor

warnings.simplefilter("ignore", FutureWarning)
rng = np.random.default_rng(20130811)


def listed(value):
    return [float(f"{x:.9g}") for x in np.asarray(value, dtype=np.float64).ravel()]


names = {
    "learningRate": "learning_rate", "learningRatePower": "learning_rate_power", "beta": "beta",
    "initialAccumulatorValue": "initial_accumulator_value", "l1RegularizationStrength": "l1_regularization_strength",
    "l2RegularizationStrength": "l2_regularization_strength",
    "l2ShrinkageRegularizationStrength": "l2_shrinkage_regularization_strength",
}


def ftrl(**options):
    optimizer = keras.optimizers.Ftrl(**{names[name]: value for name, value in options.items()})
    start = rng.normal(size=5).astype(np.float32).round(3)
    # Some gradients are 0, as those of features that are not in a row.
    gradients = (rng.normal(size=(8, 5)) * (rng.random((8, 5)) < 0.7)).astype(np.float32).round(3)
    variable = keras.Variable(start)
    steps = []
    for gradient in gradients:
        optimizer.apply([gradient], [variable])
        steps.append(listed(variable.value))
    return {"options": options, "start": listed(start), "gradients": [listed(g) for g in gradients], "steps": steps}


def passive_aggressive(task, variant, aggressiveness, bias):
    x = rng.normal(size=(20, 3)).round(2)
    truth = x @ [1.0, -2.0, 0.5] + 0.7
    y = np.where(truth + 0.3 * rng.normal(size=20) > 0, 1.0, -1.0) if task == "classify" else truth.round(2)
    # A bias is the weight of a feature that is always 1, as in the paper; scikit-learn's own intercept is left out of the norm.
    features = np.column_stack([x, np.ones(20)]) if bias else x
    loss = {"pa1": ("hinge", "epsilon_insensitive"), "pa2": ("squared_hinge", "squared_epsilon_insensitive")}
    options = {"C": aggressiveness, "fit_intercept": False, "shuffle": False}
    if task == "classify":
        model = PassiveAggressiveClassifier(loss=loss[variant][0], **options)
    else:
        model = PassiveAggressiveRegressor(loss=loss[variant][1], epsilon=0.1, **options)
    steps = []
    for row, target in zip(features, y):
        if task == "classify":
            model.partial_fit([row], [target], classes=[-1.0, 1.0])
        else:
            model.partial_fit([row], [target])
        steps.append(listed(model.coef_))
    return {"task": task, "options": {"variant": variant, "aggressiveness": aggressiveness}, "bias": bias,
            "x": [listed(row) for row in x], "y": listed(y), "steps": steps}


golden = {
    "made": f"keras {keras.__version__}, scikit-learn {sklearn.__version__}, by scripts/goldens/online.py",
    "ftrl": [
        ftrl(),
        ftrl(learningRate=0.5),
        ftrl(learningRate=0.5, l1RegularizationStrength=0.4, l2RegularizationStrength=0.1),
        ftrl(learningRate=0.1, l2ShrinkageRegularizationStrength=0.3, beta=1.0),
        ftrl(learningRate=0.2, learningRatePower=-0.3, initialAccumulatorValue=1.5, l1RegularizationStrength=0.05),
        ftrl(learningRate=0.2, learningRatePower=0.0),
    ],
    "passiveAggressive": [
        passive_aggressive(task, variant, aggressiveness, bias)
        for task in ("classify", "regress")
        for variant, aggressiveness, bias in (("pa1", 0.1, False), ("pa1", 1.0, True), ("pa1", 1e6, True), ("pa2", 0.5, False), ("pa2", 2.0, True))
    ],
}
target = pathlib.Path(__file__).parents[2] / "specs/golden/online.json"
target.write_text(json.dumps(golden, separators=(",", ":")).replace('{"options"', '\n{"options"').replace('{"task"', '\n{"task"') + "\n")
print(target, target.stat().st_size, "bytes")
