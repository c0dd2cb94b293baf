"""Models of scikit-learn: a fitted MLPClassifier or MLPRegressor, read without importing it."""

from __future__ import annotations

from typing import Any

from bppviz.core.checks import kind
from bppviz.core.foreign import Bend, Meant, Weighted, put_together, tell

PERCEPTRONS = ("MLPClassifier", "MLPRegressor")
SKLEARN_BENDS = {"identity": "identity", "logistic": "sigmoid", "tanh": "tanh", "relu": "relu", "softmax": "softmax"}


def read_sklearn(model: Any) -> dict[str, Any]:
    """Return the arguments of the Network that a fitted model is, with the names of its features and classes.

    Raises TypeError or ValueError for any other model, and for one that has not been fitted.
    """
    name = next((cls.__name__ for cls in type(model).__mro__ if _is_perceptron(cls)), "")
    if not name:
        raise _no_perceptron(model)
    if not hasattr(model, "coefs_"):
        raise ValueError(f"the model is an {name} that has not been fitted; fit it first: model.fit(X, y).")
    if model.loss == "poisson":
        raise ValueError(f"the {name} has loss='poisson', and no loss here is that one; give one with squared_error.")
    last = len(model.coefs_) - 1
    parts: list[Weighted | Bend] = []
    for i, (w, b) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        bend = model.activation if i < last else model.out_activation_
        parts += [Weighted(f"layer {i + 1}", w.T, b), Bend(bend, SKLEARN_BENDS[bend])]
    outputs = len(model.intercepts_[-1])
    if name == "MLPRegressor" and outputs > 1:
        tell(
            f"MLPRegressor reports the mean over its {outputs} outputs as its loss, but its gradients are those of "
            "their sum, half_squared_error, as here."
        )
    classes = list(getattr(model, "classes_", ()))
    if outputs == 1 and len(classes) == 2 and classes != [0, 1] and not all(isinstance(it, str) for it in classes):
        tell(
            f"the output is the probability of class {classes[1]}: as a target give 1 for it, and 0 for class "
            f"{classes[0]}."
        )
    names = {"input_names": list(getattr(model, "feature_names_in_", ())), "output_names": _classes(model, outputs)}
    return put_together(parts, _loss_of(model, name)) | names


def _is_perceptron(cls: type) -> bool:
    return cls.__name__ in PERCEPTRONS and cls.__module__.startswith("sklearn.")


def _no_perceptron(model: Any) -> TypeError:
    """Return the error where a model is none of those that can be shown."""
    mend = f"from_sklearn takes a fitted {' or '.join(PERCEPTRONS)}."
    if type(model).__name__ == "Pipeline":
        mend = "give its last step, model[-1], and x as the steps before it make it, model[:-1].transform(x)."
    return TypeError(f"the model is {kind(model)}; {mend}")


def _loss_of(model: Any, name: str) -> Meant:
    if name == "MLPRegressor":
        return Meant("squared_error", "half_squared_error", total="mean")
    loss = "cross_entropy" if model.out_activation_ == "softmax" else "binary_cross_entropy"
    return Meant(model.loss, loss, total="mean")


def _classes(model: Any, outputs: int) -> list[str]:
    """Return what the outputs are called: by their classes, a single one by the class whose probability it is."""
    return [str(it) for it in list(getattr(model, "classes_", ()))[-outputs:]]
