"""Formulas as LaTeX and as MathML: well-formed, each piece with the class of its part."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from networks import lecture, lecture_of_two, runs, traces

from bppviz import Network, backprop
from bppviz.core.place import of_one_sample
from bppviz.core.walk import granularities, walk
from bppviz.words.equations import equation
from bppviz.words.formula import Token, joined, latex, mathml, plain
from bppviz.words.notation import Notation, home_of
from bppviz.words.sentences import Narrator

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "munderover": 3}
CLASSES = {
    f"bppviz-is-{role}" for role in ("forward", "backward", "weight", "target", "loss", "result", "term", "pending")
}


def elements(formula):
    """Parse a formula's MathML and return all its elements, with their names free of the namespace."""
    found = list(ElementTree.fromstring(mathml(formula)).iter())
    for element in found:
        element.tag = element.tag.removeprefix(NAMESPACE)
    return found


def texts(formula):
    return [element.text for element in elements(formula) if element.text]


def value(text):
    """Return what a number in a formula is, or None of a symbol."""
    try:
        return float(plain(text).strip("()").replace(r"\times 10^{", "e").rstrip("}"))
    except ValueError:
        return None


def homes(trace, token):
    """Return the numbers that a token says it stands for, as they are in the trace."""
    for at in token.at:
        place, step = at.split()
        quantity, *rest = place.split("-")
        yield trace[int(step)].value if int(step) >= 0 else trace.value(quantity, *map(int, rest))


def test_a_formula_is_its_tokens_in_both_forms():
    formula = [[Token("z_{1}", (), "forward result"), Token("="), Token("−0.5", (), "weight")]]
    assert latex(formula) == "z_{1} = -0.5"
    assert texts(formula) == ["z", "1", "=", "−0.5"]
    assert [element.get("class") for element in elements(formula) if element.get("class")] == [
        "bppviz-is-forward bppviz-is-result",
        "bppviz-is-weight",
    ]


def test_arguments_take_the_place_of_the_holes():
    formula = [[Token(r"\frac{#1-#2}{#1}", ("y_{1}", "0.25"))]]
    assert latex(formula) == r"\frac{y_{1}-0.25}{y_{1}}"
    assert texts(formula) == ["y", "1", "−", "0.25", "y", "1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4", "4"),
        ("−0.5", "-0.5"),
        ("(−0.5)", "(-0.5)"),
        ("1.2×10⁻⁷", r"1.2\times 10^{-7}"),
        ("(−1.2×10¹²)", r"(-1.2\times 10^{12})"),
        ("z_{1}", "z_{1}"),
    ],
)
def test_numbers_become_plain_latex_and_symbols_stay(text, expected):
    assert plain(text) == expected


def test_a_number_with_a_power_of_ten_is_one_thing_to_what_stands_around_it():
    (power,) = (e for e in elements([[Token("#1^{2}", ("(1.2×10⁻⁷)",))]]) if e.tag == "msup" and e[0].tag == "mrow")
    assert [child.tag for child in power] == ["mrow", "mrow"]
    (fraction,) = (e for e in elements([[Token(r"\frac{#2}{#1}", ("1.2×10⁻⁷", "1"))]]) if e.tag == "mfrac")
    assert len(fraction) == 2


def test_several_lines_become_the_rows_of_a_table():
    formula = [[Token("1")], [Token("2")], [Token("3")]]
    assert latex(formula) == r"1 \\ 2 \\ 3"
    assert [element.tag for element in elements(formula)].count("mtr") == 3


def test_the_latex_is_the_alternative_text_even_with_signs_that_xml_reserves():
    formula = [[Token("#1>0", ("z_{1}",))]]
    assert elements(formula)[0].get("alttext") == "z_{1}>0"


def test_parts_are_joined_by_an_operator():
    assert joined([[Token("a")], [Token("b"), Token("c")]], "+") == [Token("a"), Token("+"), Token("b"), Token("c")]


def assert_well_formed(formula):
    for element in elements(formula):
        assert len(element) == CHILDREN.get(element.tag, len(element)), mathml(formula)
        assert element.tag not in ("mn", "mi", "mo") or not len(element)
        assert set((element.get("class") or "").split()) <= CLASSES
    assert not any("#" in text or any("\ue000" <= c <= "\uf8ff" for c in text) for text in texts(formula))


@given(traces(most_layers=3, most_units=3) | runs(most_layers=3, most_units=3))
@settings(max_examples=50)
def test_every_stop_of_every_walk_is_well_formed(trace):
    narrator = Narrator(trace)
    for granularity in granularities(trace):
        for stop in walk(trace, granularity):
            for formula in narrator.both(stop):
                assert_well_formed(formula)


def test_a_run_with_very_small_numbers_is_well_formed():
    network = Network([[[1e-7], [-1e-9]], [[1e-8, -1]]], [[1e-9, -1e-12], [-30]], "tanh", "half_squared_error")
    trace = backprop(network, [1e-3], [1])
    for granularity in granularities(trace):
        for stop in walk(trace, granularity):
            for formula in Narrator(trace).both(stop):
                assert_well_formed(formula)


def test_the_result_and_its_operands_carry_their_parts():
    trace = lecture()
    formula = Narrator(trace).both(walk(trace)[0])[0]
    classes = [(latex([[token]]), token.role) for token in formula[0] if token.role]
    assert classes == [
        ("z_{1}", "forward result"),
        ("x_{1}", "forward"),
        ("w_{1}", "weight"),
        ("x_{2}", "forward"),
        ("w_{2}", "weight"),
        ("b_{1}", "weight"),
    ]


def test_in_a_growing_sum_the_new_term_and_those_to_come_are_marked():
    trace = lecture()
    formula = Narrator(trace).both(walk(trace, "term")[1])[0]
    assert [token.role.split()[-1] for token in formula[0] if token.role] == [
        "result",
        "forward",
        "weight",
        "term",
        "term",
        "pending",
    ]


def test_an_update_makes_a_weight_from_a_weight_and_a_gradient():
    trace = lecture_of_two()
    formulas = Narrator(trace).both(walk(trace)[trace.step_of("w", 1, 0, 0)])
    assert [[(latex([[token]]), token.role) for token in line if token.role] for (line,) in formulas] == [
        [("w_{1}", "weight result"), ("w_{1}", "weight"), (r"\frac{\partial L}{\partial w_{1}}", "backward")],
        [("1", "weight"), ("(-0.003565)", "backward"), ("1.002", "weight result")],
    ]


def test_in_a_growing_sum_over_samples_those_to_come_are_marked():
    trace = lecture_of_two()
    (stop,) = (stop for stop in walk(trace, "term") if stop.last == trace.step_of("dL_db", 1, 0) and stop.terms)
    assert [token.role for token in Narrator(trace).both(stop)[0][0] if token.role] == [
        "backward result",
        "backward",
        "backward term",
        "backward pending",
    ]


@settings(max_examples=30)
@given(traces())
def test_every_number_in_a_formula_says_where_it_has_its_home(trace):
    notation = Notation(trace)
    for granularity in granularities(trace):
        for stop in walk(trace, granularity):
            for line in equation(notation, stop)[1]:
                for token in line:
                    numbers = [value(text) for text in token.arguments or (token.template,)]
                    if not token.role or "result" in token.role or None in numbers:
                        continue
                    if not token.at:
                        assert token.role == "backward"  # Σ y ∂l/∂y of a softmax, which stands nowhere else
                        continue
                    found = list(homes(trace, token))
                    found = found if len(found) > 1 else found * len(numbers)
                    assert numbers == pytest.approx(found, rel=1e-3), (stop, token)


def test_the_terms_of_a_sum_over_the_samples_have_the_home_of_the_one_that_is_told():
    trace = lecture_of_two()
    for place, terms in {("dL_dw", 2, 0, 1): 2, ("dL_db", 2, 0): 2}.items():
        stop = walk(trace)[trace.step_of(*place)]
        own = trace.operand(of_one_sample(trace[stop.last].place))
        formula, numbers = equation(Notation(trace), stop)
        told = [token.at for token in numbers[0] if token.at]
        assert told == [(home_of(own),)] * terms
        assert {token.at for token in formula[0] if token.role == "backward"} == set(told)


def test_what_a_formula_is_made_of_says_one_after_the_other_where_it_has_its_home():
    numbers = equation(Notation(lecture()), walk(lecture())[12])[1]
    assert '<mrow data-at="a-3-0 9"><mn>' in mathml(numbers)


def test_a_logarithm_stands_apart_from_its_neighbours_and_a_minus_behind_a_parenthesis_close_to_its_number():
    minus, logarithm = (
        it for it in elements([[Token(r"\left(-#2\ln #1\right)", ("y", "t"))]]) if it.text in ("−", "ln")
    )
    assert minus.attrib == {"form": "prefix"}
    assert logarithm.attrib == {"lspace": "0.17em", "rspace": "0.17em"}
