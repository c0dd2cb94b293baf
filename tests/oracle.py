"""Comparing with another program."""

import os
from importlib import import_module

import numpy as np
import pytest


def agree(name, got, expected, rtol, atol):
    """Compare the gradients of all layers and show both numbers where they differ; None is what is in neither."""
    for layer, (ours, theirs) in enumerate(zip(got, expected, strict=True), 1):
        assert (ours is None) == (theirs is None), f"{name} of layer {layer}"
        if ours is None:
            continue
        ours, theirs = np.asarray(ours), np.asarray(theirs)
        assert ours.shape == theirs.shape
        bad = np.abs(ours - theirs) > rtol * np.abs(theirs) + atol
        assert not bad.any(), f"{name} of layer {layer}: bppviz says {ours[bad]}, the other {theirs[bad]}"


def torch_or_skip():
    """Return PyTorch; where it is missing, skip, but fail where everything is to be tested."""
    return _or_skip("torch", "torch==2.13.0")


def sklearn_or_skip():
    """Return the neural networks of scikit-learn, or skip as above."""
    return _or_skip("sklearn.neural_network", "scikit-learn")


def keras_or_skip():
    """Return Keras, on PyTorch, or skip as above."""
    torch_or_skip()
    os.environ["KERAS_BACKEND"] = "torch"
    return _or_skip("keras", "keras")


def _or_skip(module, package):
    try:
        return import_module(module)
    except ImportError:
        missing = f"{module} is missing: python -m pip install {package}"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
