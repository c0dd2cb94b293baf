"""Made-up calls of the public API, as Python expressions: right ones, nearly right ones, and nonsense.

A call is text, so that what went wrong can be pasted into a notebook. `NAMES` are what its expressions know.
"""

from __future__ import annotations

import json
import warnings
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import islice, pairwise
from operator import contains
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd

import bppviz

NUMBERS = ("0.5", "-1", "2", "0", "1", "-0.25", "3", "1.5", "-2", "0.1", "-0.7", "0.05")
FAR_NUMBERS = (
    *("-0.0", "5e-324", "-1e-310", "1e-300", "1e-160", "1e-17", "1e-8", "0.1 + 0.2", "123456789.125", "1e16"),
    *("-1e17", "1e100", "-1e150", "1e155", "1e200", "1e300", "-1.7e308", "2**53 + 1", "np.float64(0.1)"),
)
STRANGE_NUMBERS = (
    *("nan", "inf", "-inf", "None", "'3'", "b'3'", "1j", "10**400", "-10**5000", "True", "Decimal('0.1')"),
    *("Fraction(1, 3)", "np.float16(0.1)", "np.float32(0.1)", "np.longdouble('1e4000')", "np.int8(-1)", "np.bool_(1)"),
    *("np.datetime64('2020-01-01')", "np.timedelta64(1, 's')", "pd.NA", "pd.NaT", "np.ma.masked", "'\\ud800'"),
    *("[1]", "[]", "np.array(2.0)", "Tensor(2.0)", "Grad(2.0)", "''", "'x' * 100_000", "Long()", "{}", "object()"),
)
TEXTS = ("'x'", "'sepal length (cm)'", "'$x$'", "'<b>y</b>'", "'高度'", "''", "' '", "'a\\nb'", "'&amp;'", "'e\\u0301'")
STRANGE_TEXTS = ("'\\ud800'", "'x' * 100_000", "'\\x00'", "'\\u202e'", "None", "3", "b'x'", "np.str_('x')", "['x']")
ANYTHING = (
    *(
        "None",
        "True",
        "False",
        "0",
        "-1",
        "3",
        "10**400",
        "10**5000",
        "0.5",
        "nan",
        "inf",
        "1j",
        "''",
        "'text'",
        "b'text'",
    ),
    *("'\\ud800'", "'x' * 100_000", "[]", "()", "{}", "set()", "{1, 2}", "{'a': 1}", "[[]]", "[[[]]]", "[None]"),
    *("['a', 'b']", "[1, [2, 3]]", "[1, 2]", "[[1, 2], [3, 4]]", "range(2)", "(i for i in range(2))", "iter([1])"),
    *("object()", "object", "len", "Ellipsis", "slice(1)", "Long()", "Tensor([1.0, 2.0])", "Grad([1.0, 2.0])"),
    *("np.array([])", "np.array(3.0)", "np.zeros((300, 300))", "np.array(['a'])", "np.array([1j])", "itself()"),
    *("np.array([1, None])", "np.ma.array([1.0, 2.0], mask=[0, 1])", "np.array([1, 2], dtype='datetime64[D]')"),
    *("pd.DataFrame({'a': [1.0, 2.0]})", "pd.Series([1.0, None])", "pd.NA", "Decimal('0.1')", "Fraction(1, 3)"),
    *("Path('x')", "list(range(10_000))", "memoryview(b'ab')", "array('d', [1, 2])", "np.random.default_rng(0)"),
    *("Network.lecture()", "backprop(Network.lecture(), [1, -1], [1, 0])", "example('regression')", "Network"),
)
ARRAYS = (
    *(["{}"] * 6 + ["np.array({})"] * 4),
    *("tuple({})", "np.array({}, dtype=np.float32)", "np.array({}, dtype=np.float16)", "np.array({}, dtype=object)"),
    *("np.array({}, dtype=np.longdouble)", "np.array({}).astype(np.int8)", "np.array({}).astype(np.uint64)"),
    *("np.array({}).astype(bool)", "np.array({}, order='F')", "np.array({})[::-1]", "np.array({}).astype('>f8')"),
    *(
        "locked({})",
        "pd.DataFrame({})",
        "pd.Series({})",
        "Tensor({})",
        "np.array({}).tolist()",
        "memoryview(np.array({}))",
    ),
)
STRANGE_ARRAYS = (
    *("np.ma.array({}, mask=True)", "np.ma.array({})", "np.array({}, dtype=complex)", "np.array({}).astype(str)"),
    *("np.array({}).astype('datetime64[s]')", "iter({})", "str({})", "dict(enumerate({}))", "Grad({})", "[{}]"),
    *("np.array({}).T", "np.matrix({})", "{}[0]", "{}[1:]", "[*{}, 1]", "[*{}, [1, 2, 3]]", "np.array({})[..., None]"),
    *("np.array({})[:0]", "pd.DataFrame({}, dtype=str)", "pd.array({}, dtype='Float64')", "set(np.ravel({}).tolist())"),
)
ELEMENTWISE = ("sigmoid", "tanh", "relu", "leaky_relu", "leaky_relu(0.3)", "identity")
SQUARED = ("half_squared_error", "squared_error", "mean_squared_error")
LOSSES = (*SQUARED, "binary_cross_entropy", "cross_entropy")
QUANTITIES = ("x", "t", "z", "a", "loss", "dl_da", "dsigma", "dl_dz", "dl_dw", "dl_db", "dL_dw", "dL_db", "w", "b")
NEARLY = (
    "'Sigmoid'",
    "'ReLU'",
    "'logistic'",
    "'linear'",
    "'leaky_relu(2)'",
    "'mse'",
    "'bce'",
    "'XOR'",
    "'softmax'",
    "'lectures'",
    "'zh'",
)


class Tensor:
    """An array of another library, which NumPy can read."""

    def __init__(self, values: Any) -> None:
        self._values = np.array(values, dtype=np.float32)
        self.shape = self._values.shape

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return self._values.astype(dtype or np.float32)

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, i: int) -> Tensor:
        return Tensor(self._values[i])

    def __repr__(self) -> str:
        return f"tensor({self._values.tolist()})"


class Grad(Tensor):
    """One that NumPy cannot read until it is detached, as PyTorch's parameters are."""

    dtype, grad, is_leaf = np.float32, None, True

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")

    def detach(self) -> Tensor:
        return Tensor(self._values)


class Long:
    """Something that says a lot of itself, over many lines."""

    def __repr__(self) -> str:
        return "Long(\n" + "  (layer): Linear(in_features=2, out_features=2, bias=True)\n" * 100 + ")"


class Linear:
    """A layer, and so a model, as PyTorch has them."""

    __module__ = "torch.nn.modules.linear"

    def __init__(self, weight: Any, bias: Any = None) -> None:
        self.weight, self.bias = Grad(weight), None if bias is None else Grad(bias)

    def forward(self, x: Any) -> Any:
        raise NotImplementedError  # nobody but PyTorch calls it


def locked(values: Any) -> Any:
    """Return an array that cannot be written to, as long as its owner does not change that."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def itself() -> list[Any]:
    """Return a list that contains itself."""
    it: list[Any] = []
    it.append(it)
    return it


def trained(*arguments: Any, **named: Any) -> list[bppviz.Epoch]:
    """Return the first epochs of a training."""
    return list(islice(bppviz.train(*arguments, **named), 3))


def at_step(explainer: bppviz.Explainer, k: Any) -> bppviz.Explainer:
    """Show another step."""
    explainer.step = k
    return explainer


NAMES = {
    **{name: getattr(bppviz, name) for name in bppviz.__all__},
    **{
        it.__name__: it
        for it in (Decimal, Fraction, Path, Tensor, Grad, Long, Linear, locked, itself, trained, at_step, array)
    },
    "np": np,
    "pd": pd,
    "json": json,
    "nan": float("nan"),
    "inf": float("inf"),
    "contains": contains,
}


@dataclass(frozen=True)
class Call:
    """A call, as text: the name of what is called and documented, the expression that gives it, and its arguments."""

    name: str
    function: str
    arguments: tuple[str, ...] = ()
    named: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.function}({', '.join((*self.arguments, *(f'{k}={v}' for k, v in self.named.items())))})"

    def ready(self, names: dict[str, Any]) -> Callable[[], Any]:
        """Return the call with everything made that it needs; to make that may warn, and raise anything."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            function, *arguments = (eval(source, dict(names)) for source in (self.function, *self.arguments))
            return partial(function, *arguments, **{k: eval(v, dict(names)) for k, v in self.named.items()})


class Maker:
    """Makes calls; the same seed makes the same ones."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)

    def call(self) -> Call:
        """Make a call of anything public."""
        names, weights = zip(*CALLS.items(), strict=True)
        name = self.random.choices(names, weights)[0]
        return getattr(self, f"_{name}")()

    # Arguments: each is right most of the time

    def _is(self, chance: float) -> bool:
        return self.random.random() < chance

    def _of(self, some: Sequence[str]) -> str:
        return self.random.choice(some)

    def _mostly(self, right: str, *strange: str) -> str:
        """Return what is right, or what is not: one of a few things that people try, or anything."""
        if self._is(0.9):
            return right
        return self._of(strange) if strange and self._is(0.6) else self._of(ANYTHING)

    def _call(self, name: str, needed: dict[str, str], more: dict[str, str] | None = None, *, at: str = "") -> Call:
        """Return a call whose arguments stand in order or by name, and of `more` only some."""
        named = dict(needed)
        arguments = []
        while named and self._is(0.7):
            arguments.append(named.pop(next(iter(named))))
        named |= {k: v for k, v in (more or {}).items() if self._is(0.3)}
        return Call(name, at or name, tuple(arguments), named)

    def _name(self, *known: str) -> str:
        return self._mostly(repr(self._of(known)), *NEARLY)

    def _whole(self, most: int) -> str:
        right = str(self.random.randrange(most))
        return self._mostly(right, f"np.int64({right})", f"{right}.0", str(most), "-1", str(-most - 1), "10**20")

    def _rate(self) -> str:
        return self._mostly(self._of(("0.5", "0.1", "1", "1e-3")), *NUMBERS, *FAR_NUMBERS, *STRANGE_NUMBERS)

    def _truth(self) -> str:
        return self._mostly(self._of(("True", "False")), "'no'", "0", "np.bool_(0)")

    def _lang(self) -> str:
        return self._mostly(self._of(("'en'", "'zh-TW'", "'zh_tw'", "None")), *NEARLY, *STRANGE_TEXTS)

    def _theme(self, *more: str) -> str:
        return self._mostly(self._of(("'light'", "'dark'", "'projector'", *more)), *NEARLY, *STRANGE_TEXTS)

    def _view(self) -> str:
        return self._mostly(self._of(("'network'", "'mirror'")), *NEARLY, *STRANGE_TEXTS)

    def _texts(self, size: int) -> str:
        texts = [self._of(TEXTS) if self._is(0.9) else self._of(STRANGE_TEXTS) for _ in range(size)]
        form = self._mostly("{}", "tuple({})", "pd.Index({})", "np.array({})", "pd.Series({})", "{}[1:]", "iter({})")
        return form.replace("{}", f"[{', '.join(texts)}]") if "{}" in form else form

    def _array(self, *shape: int, least: float | None = None) -> str:
        """Return an array, nearly one, or anything; of probabilities where there is a `least` number."""
        if self._is(0.02):
            return self._of(ANYTHING)
        far = () if self._is(0.8) else tuple(self.random.sample(FAR_NUMBERS, 2))
        if self._is(0.03):
            far = (self._of(STRANGE_NUMBERS),)
        usual = NUMBERS if least is None else ("0", "1", "0.5", "0.25")
        values = (self._of(far) if far and self._is(0.4) else self._of(usual) for _ in range(int(np.prod(shape))))
        form = self._of(ARRAYS) if self._is(0.95) else self._of(STRANGE_ARRAYS)
        return form.replace("{}", _nested(values, shape))

    def _arrays(self, shapes: Sequence[tuple[int, ...]]) -> str:
        if self._is(0.04):
            shapes = [shape[::-1] for shape in shapes]
        if self._is(0.04):
            shapes = [(*shape, 1) for shape in shapes]
        form = self._mostly("[{}]", "({},)", "[{}][1:]", "iter([{}])", "{{{}}}", "dict(enumerate([{}]))")
        return form.replace("{}", ", ".join(self._array(*shape) for shape in shapes))

    # Networks and samples that fit

    def _sizes(self) -> list[int]:
        if self._is(0.02):
            return [self.random.randrange(1, 40) for _ in range(self.random.randrange(2, 4))]
        return [self.random.randrange(1, 4) for _ in range(self.random.randrange(2, 5))]

    def _loss(self, output: str) -> str:
        return self._of(LOSSES) if output in ("sigmoid", "softmax") else LOSSES[0]

    def _network(self, sizes: list[int]) -> tuple[str, str]:
        """Return a network that is right, with numbers of any size, and its loss."""
        output = self._of((*ELEMENTWISE, "softmax"))
        names = [*(self._of(ELEMENTWISE) for _ in sizes[2:]), output]
        loss = self._loss(output)
        if self._is(0.1):
            return f"Network.random({sizes}, {names}, {loss!r}, {self.random.randrange(9)})", loss
        usual = (*NUMBERS, *self.random.sample(FAR_NUMBERS, 2)) if self._is(0.2) else NUMBERS
        values = (self._of(usual) for _ in range(9999))
        weights = ", ".join(_nested(values, (n, m)) for m, n in pairwise(sizes))
        biases = ", ".join("None" if self._is(0.1) else _nested(values, (n,)) for n in sizes[1:])
        return f"Network([{weights}], [{biases}], {names}, {loss!r})", loss

    def _samples_for(self, sizes: list[int], loss: str) -> tuple[str, str]:
        rows = () if self._is(0.5) else (self.random.randrange(1, 4),)
        x, target = (*rows, sizes[0]), (*rows, sizes[-1])
        if self._is(0.04):
            x, target = x[::-1], target[::-1]
        if rows and self._is(0.04):
            target = rows
        return self._array(*x), self._array(*target, least=None if loss in SQUARED else 0.0)

    def _run_of(self, sizes: list[int]) -> dict[str, str]:
        network, loss = self._network(sizes)
        x, target = self._samples_for(sizes, loss)
        model = f"Linear({self._array(sizes[-1], sizes[0])})"
        return {"network": self._mostly(network, "Linear", model), "x": x, "target": target}

    def _trace(self) -> tuple[str, list[int], int]:
        """Return a trace that is right, the sizes of its network, and how many samples it has."""
        sizes = self._sizes()
        network, _ = self._network(sizes)
        rows = self.random.randrange(4)
        values = (self._of(("0", "1", "0.5")) for _ in range(9999))
        x, t = (_nested(values, (rows, n) if rows else (n,)) for n in (sizes[0], sizes[-1]))
        rate = ", 0.1" if self._is(0.4) else ""
        return f"backprop({network}, {x}, {t}{rate})", sizes, max(rows, 1)

    # Calls

    def _network_made(self) -> Call:
        sizes = self._sizes()
        output = self._of((*ELEMENTWISE, "softmax"))
        names = [*(self._of(ELEMENTWISE) for _ in sizes[2:]), output]
        right = repr(names if self._is(0.8) else output)
        needed = {
            "weights": self._arrays([(n, m) for m, n in pairwise(sizes)]),
            "biases": "None" if self._is(0.1) else self._arrays([(n,) for n in sizes[1:]]),
            "activations": self._mostly(right, *NEARLY, repr([*names, "tanh"]), "['softmax', 'tanh']"),
            "loss": self._mostly(repr(self._loss(output)), *NEARLY, *map(repr, LOSSES)),
        }
        notation = self._mostly("'layered'", "'lecture'")
        more = {"input_names": self._texts(sizes[0]), "output_names": self._texts(sizes[-1]), "notation": notation}
        more["total"] = self._name("sum", "mean")
        return self._call("Network", needed, more)

    def _network_random(self) -> Call:
        sizes = self._sizes()
        output = self._of(("sigmoid", "tanh", "relu"))
        more = {
            "activation": self._mostly(repr(output), *NEARLY),
            "loss": self._name(*LOSSES),
            "seed": self._mostly(
                str(self.random.randrange(99)), "None", "-1", "0.5", "[1, 2]", "np.int64(3)", "10**50"
            ),
            "total": self._name("sum", "mean"),
        }
        strange = ("[2]", "[2, 0]", "[2, -1]", "[2.0, 1]", "'231'", "(2, 3, 1)", "np.array([2, 3, 1])", "[True, 1]")
        return self._call("Network.random", {"sizes": self._mostly(repr(sizes), *strange)}, more)

    def _network_from_torch(self) -> Call:
        m, n = self._sizes()[:2]
        model = f"Linear({self._array(n, m)}{self._of(('', f', {self._array(n)}'))})"
        needed = {"module": self._mostly(model), "loss": self._name(*LOSSES)}
        more = {"input_names": self._texts(m), "output_names": self._texts(n)}
        return self._call("Network.from_torch", needed, more)

    def _network_from_model(self) -> Call:
        name = self._of(("Network.from_sklearn", "Network.from_keras"))
        return self._call(name, {"model": self._of((*ANYTHING, "Linear([[1.0]])", "Tensor([1.0])"))})

    def _network_lecture(self) -> Call:
        return Call("Network.lecture", "Network.lecture")

    def _network_from_dict(self) -> Call:
        network = self._network(self._sizes())[0]
        strange = (
            *("'loss': 'mse'", "'loss': None", "'weights': [[1]]", "'biases': [nan]", "'notation': 'lecture'"),
            *("'format': 'torch'", "'format': np.array([1, 2])", "'version': 2", "'version': '1'"),
            *("'version': 10**5000", "'x': 1", "3: 4", "'Weights': []", "'input_names': None"),
        )
        changed = self._of(strange) if self._is(0.3) else ""
        nearly = (f"json.dumps({network}.to_dict())", f"{network}", f"[{network}.to_dict()]", f"vars({network})")
        data = self._mostly(f"{{**json.loads(json.dumps({network}.to_dict())), {changed}}}", *nearly)
        return self._call("Network.from_dict", {"data": data})

    def _network_value(self) -> Call:
        sizes = self._sizes()
        return self._place("Network.value", self._network(sizes)[0], sizes, self._of(("w", "b")))

    def _backprop(self) -> Call:
        more = {"learning_rate": self._rate(), "update_biases": self._truth()}
        return self._call("backprop", self._run_of(self._sizes()), more)

    def _train(self) -> Call:
        run = self._run_of(self._sizes())
        needed = {"network": run["network"], "X": run["x"], "T": run["target"], "learning_rate": self._rate()}
        needed["epochs"] = self._mostly(self._of(("1", "2", "1000")), "0", "-1", "2.0", "True", "np.int8(2)", "10**30")
        return self._call("train", needed, {"update_biases": self._truth()}, at="trained")

    def _check_gradients(self) -> Call:
        sizes = self._sizes()[:3]
        shapes = [[(n, m) for m, n in pairwise(sizes)], [(n,) for n in sizes[1:]]]
        both = ", ".join(self._arrays(it) for it in shapes)
        gradients = self._mostly(self._of(("None", f"({both})")), f"[{both}]", f"np.array([{both}], dtype=object)")
        return self._call("check_gradients", self._run_of(sizes), {"gradients": gradients, "lang": self._lang()})

    def _check_answer(self) -> Call:
        trace, *_ = self._trace()
        k, size = self.random.randrange(8), self.random.randrange(1, 4)
        one = self._of(("...", "None", "True", "-0.5", "np.float32(3)", self._array()))
        answer, expected = self._of(
            (
                (one, f"{trace}[{k}]"),
                (self._array(2), f"{trace}[{k}:{k + 2}]"),
                (self._array(size), self._array(size)),
                (f"[{one}]", self._of(("3", "4095", "False", "[0.25]"))),
            )
        )
        return self._call("check_answer", {"answer": answer, "expected": expected}, {"lang": self._lang()})

    def _example(self) -> Call:
        return self._call("example", {"name": self._name("neuron", "regression", "lecture", "mazur", "cs231n", "iris")})

    def _samples(self) -> Call:
        return self._call("samples", {"name": self._name("and", "or", "xor", "lecture")})

    def _figure(self) -> Call:
        trace, *_ = self._trace()
        needed = {"trace": self._mostly(trace), "k": self._whole(8)}
        return self._call("figure", needed, {"theme": self._theme(), "lang": self._lang(), "view": self._view()})

    def _still(self) -> Call:
        trace, *_ = self._trace()
        needed = {"trace": self._mostly(trace), "k": self._whole(8)}
        more = {
            "theme": self._theme(),
            "lang": self._lang(),
            "view": self._view(),
            "words": self._mostly("True", "False"),
        }
        return self._call("still", needed, more)

    def _latex(self) -> Call:
        trace, *_ = self._trace()
        needed = {"trace": self._mostly(trace), "k": self._whole(8)}
        return self._call("latex", needed, {"numbers": self._mostly("True", "False")})

    def _listing(self) -> Call:
        trace, *_ = self._trace()
        more = {"framework": self._name("numpy", "torch"), "checks": self._truth()}
        return self._call("listing", {"trace": self._mostly(trace)}, more)

    def _save_html(self) -> Call:
        trace, *_ = self._trace()
        more = {"theme": self._theme("'auto'", "None"), "lang": self._lang(), "view": self._view()}
        more["step"] = self._mostly("None", self._whole(8))
        return self._call("save_html", {"trace": self._mostly(trace), "path": self._path()}, more)

    def _save_listing(self) -> Call:
        trace, *_ = self._trace()
        path = self._path().replace("page.html", self._of(("run.py", "run.ipynb", "run.txt")))
        more = {"framework": self._name("numpy", "torch"), "checks": self._truth(), "lang": self._lang()}
        return self._call("save_listing", {"trace": self._mostly(trace), "path": path}, more)

    def _save_sheet(self) -> Call:
        trace, *_ = self._trace()
        names = ("'forward'", "'dl_dw'", "['loss', 0, -1]", "'update'", self._whole(8))
        more = {
            "steps": self._mostly(self._of(("None", *names)), "'backwards'", "['dl_dz', None]", "[]", "[[0]]"),
            "per_page": self._mostly(self._of(("1", "2", "3", "4", "6", "None")), "5", "0", "'2'", "10**30"),
            "paper": self._mostly(self._of(("'A4'", "'letter'", "'Letter'")), "'A5'", "'US letter'"),
            "lang": self._lang(),
            "view": self._view(),
            "granularity": self._name("pass", "layer", "vector", "neuron", "equation", "term"),
        }
        return self._call("save_sheet", {"trace": self._mostly(trace), "path": self._path()}, more)

    def _path(self) -> str:
        """Return a path of an HTML file."""
        paths = (
            "folder",
            "folder / 'no' / 'such.html'",
            "str(folder / 'x' * 300)",
            "''",
            "'\\x00'",
            "'\\ud800'",
            "b'x'",
        )
        path = self._mostly(self._of(("folder / 'page.html'", "str(folder / 'page.html')")), *paths)
        if path in ANYTHING and "Path" not in path:  # a path of its own would be written into the folder at hand
            path = f"[{path}]"
        return path

    def _worksheet(self) -> Call:
        more = {
            "level": self._name("neuron", "relu", "sigmoid", "softmax"),
            "sizes": self._mostly("None", "(2, 1)", "[2, 2, 1]", "(3, 3, 2)"),
            "activation": self._mostly("None", "'relu'", "'tanh'", "['relu', 'identity']"),
            "loss": self._mostly("None", "'half_squared_error'", "'cross_entropy'"),
            "ask": self._mostly("'z'", "['dl_dz', 'dl_dw']", "('z', 'a', 'loss')"),
            "smallest": self._mostly("0.01", "0.001", "1e9"),
            "lang": self._lang(),
        }
        return self._call("worksheet", {"n": self._mostly("1", "2", "3")}, {"seed": self._mostly("0", "7"), **more})

    def _explain(self) -> Call:
        sizes = self._sizes()[:3]
        needed = self._run_of(sizes)
        if self._is(0.2):
            needed = {"network": self._of(("example('regression')", "None", "Network.lecture()", "example('mazur')"))}
        more = {
            "loss": self._mostly("None", "'cross_entropy'", "object()"),
            "learning_rate": self._rate(),
            "theme": self._theme("'auto'", "None"),
            "lang": self._lang(),
            "view": self._view(),
            "step": self._whole(8),
            "open": self._name("predict", "weights", "training", "table", "why", "check", "code"),
        }
        return self._call("explain", needed, more)

    def _explainer_step(self) -> Call:
        return Call("Explainer.step", "at_step", ("explain(example('neuron'))", self._whole(9)))

    def _trace_item(self) -> Call:
        trace, *_ = self._trace()
        k = self._mostly(self._whole(8), "slice(2, 5)", "slice(None, None, -3)", "slice('a', 2)", "(1, 2)")
        return Call("Trace", f"{trace}.__getitem__", (k,))

    def _trace_at_sample(self) -> Call:
        trace, _, rows = self._trace()
        return self._call("Trace.at_sample", {"n": self._whole(rows)}, at=f"{trace}.at_sample")

    def _trace_value(self) -> Call:
        trace, sizes, _ = self._trace()
        return self._place("Trace.value", trace, sizes, self._of(QUANTITIES))

    def _trace_step_of(self) -> Call:
        trace, sizes, _ = self._trace()
        return self._place("Trace.step_of", trace, sizes, self._of(QUANTITIES[2:12]))

    def _trace_operand(self) -> Call:
        trace, sizes, _ = self._trace()
        return self._place("Trace.operand", trace, sizes, self._of(QUANTITIES))

    def _trace_place(self) -> Call:
        trace, sizes, _ = self._trace()
        return self._place("Trace.place", trace, sizes, self._of(QUANTITIES))

    def _trace_at_place(self) -> Call:
        """Ask for something by a place that is given as one, of this run or of another."""
        trace, *_ = self._trace()
        other = trace if self._is(0.8) else self._trace()[0]
        name = self._of(("value", "step_of", "operand", "place"))
        place = f"{other}[{self.random.randrange(8)}]{self._of(('', '.operands[0]'))}.place"
        return Call(f"Trace.{name}", f"{trace}.{name}", (place,))

    def _trace_step_at(self) -> Call:
        trace, *_ = self._trace()
        return self._call("Trace.step_at", {"k": self._whole(8)}, at=f"{trace}.step_at")

    def _trace_contains(self) -> Call:
        trace, *_ = self._trace()
        return Call("Trace", "contains", (trace, self._of(("3", "None", f"{trace}[0]", "'z'", "Long()"))))

    def _place(self, name: str, owner: str, sizes: list[int], quantity: str) -> Call:
        """Return a call that asks for something by its place."""
        layer = (
            0
            if quantity == "x"
            else len(sizes) - 1
            if quantity in ("t", "loss")
            else self.random.randrange(1, len(sizes))
        )
        needed = {
            "quantity": self._mostly(repr(quantity), "'dldw'", "'Z'", "'q'", "'dl_dw'", "'loss'", "('z', 1)"),
            "layer": self._mostly(str(layer), "0", "-1", "9", "1.0", "True", "'1'"),
            "unit": self._whole(sizes[layer]),
        }
        if quantity in ("w", "dl_dw", "dL_dw"):
            needed["source"] = self._whole(sizes[layer - 1])
        more = {} if "source" in needed else {"source": self._of(("None", "0", "5"))} if self._is(0.1) else {}
        return self._call(name, needed, more, at=f"{owner}.{name.split('.')[1]}")


def _nested(values: Any, shape: Sequence[int]) -> str:
    """Return values as a list of this shape."""
    if not shape:
        return str(next(values))
    return f"[{', '.join(_nested(values, shape[1:]) for _ in range(shape[0]))}]"


# What is called, and how often
CALLS = {
    "network_made": 14,
    "network_random": 5,
    "network_lecture": 0.2,
    "network_from_torch": 3,
    "network_from_model": 1,
    "network_value": 3,
    "network_from_dict": 3,
    "backprop": 18,
    "train": 9,
    "check_gradients": 9,
    "check_answer": 4,
    "example": 2,
    "samples": 2,
    "figure": 6,
    "still": 2,
    "latex": 2,
    "listing": 3,
    "save_html": 2,
    "save_listing": 2,
    "worksheet": 1,
    "save_sheet": 4,
    "explain": 3,
    "explainer_step": 1,
    "trace_item": 5,
    "trace_at_sample": 3,
    "trace_value": 5,
    "trace_step_of": 5,
    "trace_operand": 5,
    "trace_place": 2,
    "trace_at_place": 3,
    "trace_step_at": 1,
    "trace_contains": 1,
}
