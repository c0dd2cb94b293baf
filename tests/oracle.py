"""Comparing with another program."""

import os

import numpy as np
import pytest


def agree(name, got, expected, rtol, atol):
    """Compare the gradients of all layers and show both numbers where they differ."""
    for layer, (ours, theirs) in enumerate(zip(got, expected, strict=True), 1):
        ours, theirs = np.asarray(ours), np.asarray(theirs)
        assert ours.shape == theirs.shape
        bad = np.abs(ours - theirs) > rtol * np.abs(theirs) + atol
        assert not bad.any(), f"{name} of layer {layer}: bppviz says {ours[bad]}, the other {theirs[bad]}"


def torch_or_skip():
    """Return PyTorch; where it is missing, skip, but fail where everything is to be tested."""
    try:
        import torch
    except ImportError:
        missing = "PyTorch is missing: python -m pip install torch==2.13.0"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return torch
