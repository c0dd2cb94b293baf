"""Samples, updates and training in JupyterLab: what is painted is what `backprop` and `train` give, computed apart."""

import json
import re
from itertools import chain

import numpy as np
import pytest
from faults import report
from painting import assert_painted, shows
from sliders import LECTURE, field, pull, shown

from bppviz import Network, backprop, samples, train
from bppviz.core.walk import walk
from bppviz.practice.typed import single
from bppviz.words.catalogue import catalogue, words
from bppviz.words.formula import latex
from bppviz.words.numbers import minus, number
from bppviz.words.sentences import Narrator

PAIR = samples("lecture")
XOR = samples("xor")
LEARNS = "Network.random([2, 2, 1], 'tanh', seed=3)"
STATE = "json.dumps([[w.tolist() for w in e.network.weights], [b.tolist() for b in e.network.biases]])"
SETUP = "import json\nimport bppviz\nfrom bppviz import Network, explain, samples"
NO_PROBLEM = ""


@pytest.fixture(scope="module")
def notebook(open_shared_notebook):
    notebook = open_shared_notebook(SETUP, "None", size=(1280, 1700))
    notebook.run(0)
    return notebook


def shown_anew(notebook, arguments, *, theme="light", panel=None):
    """Show an explainer that was called with these arguments; with a panel open, if wanted."""
    notebook.python("e = None")
    notebook.run(1, f"e = explain({arguments}, theme={theme!r}, open={panel!r})\ne")
    notebook.painted()
    if panel:
        notebook.find(f".bppviz-panel-{panel} .bppviz-plotted .main-svg").wait_for()
    notebook.focus()


def open_weights(notebook, view=0):
    """Open the panel of the numbers."""
    notebook.find("button.bppviz-show-weights", view).click()
    notebook.find(".bppviz-panel-weights .bppviz-group", view).wait_for()


def state(notebook):
    """Return the weights and biases of the network in the kernel."""
    return json.loads(notebook.python(f"print({STATE})"))


def numbers(network):
    return [[w.tolist() for w in network.weights], [b.tolist() for b in network.biases]]


def slide(notebook, name, key, times=1):
    """Move a slider that counts by keys."""
    notebook.page.locator(f".bppviz-panel .bppviz-{name} .noUi-handle:visible").focus()
    notebook.press(*[key] * times)


def progress(notebook):
    return notebook.find(".bppviz-progress").text_content()


def updates(notebook):
    """Return how many updates it says that have been made."""
    said = re.search(r"\d+", progress(notebook))
    return int(said[0]) if said else 0


def made(done, of, loss):
    return catalogue("en")["progress.made"].format(done=done, of=of, loss=number(loss))


def trained(network, data, rate, updates):
    """Return the network after so many updates, and the loss there."""
    for epoch in train(network, *data, rate, updates):
        network = epoch.network
    return network, backprop(network, *data).L


# Samples


def test_a_sample_is_chosen_and_the_sum_over_all_is_walked_through(notebook):
    shown_anew(notebook, "None, *samples('lecture')", panel="weights")
    both = backprop(LECTURE, *PAIR)
    shows(notebook, both, 0)
    slide(notebook, "sample", "ArrowRight")
    second = both.at_sample(1)
    shows(notebook, second, 0)
    assert field(notebook, "x-0-0").input_value() == "0"
    notebook.focus()
    notebook.press("End")
    notebook.until(len(both) - 1)
    for step in range(len(both) - 1, len(both) - 4, -1):
        assert both[step].phase == "sum"
        shows(notebook, second, step)
        notebook.press("ArrowLeft")


def test_a_click_below_a_weight_goes_to_the_derivative_there_or_to_its_sum_and_the_chart_is_of_all_samples(notebook):
    shown_anew(notebook, "None, *samples('lecture')", panel="weights")
    both = backprop(LECTURE, *PAIR)
    picture = notebook.find(".bppviz-picture")
    x, y = picture.evaluate(
        "it => it.data.filter(({ customdata }) => customdata).flatMap(({ x, y, customdata }) =>"
        " customdata.map(([key], i) => [key, x[i], y[i]])).find(([key]) => key === 'w-2-0-0').slice(1)"
    )
    for quantity in ("dl_dw", "dL_dw"):
        last = both.step_of(quantity.replace("w", "b"), 3, 1)
        notebook.python(f"e.step = {last}")
        notebook.until(last)
        notebook.click_at(x, y + 36)
        notebook.until(both.step_of(quantity, 2, 0, 0))
    shows(notebook, both, both.step_of("dL_dw", 2, 0, 0))
    total, key = f"slope ∂L/∂w₃ = {number(both.dL_dw[1][0, 0])}", notebook.find(".bppviz-meaning .bppviz-key")
    notebook.eventually(lambda: total in key.text_content())


def test_a_data_frame_is_as_good_as_an_array(notebook):
    shown_anew(notebook, "None, *map(__import__('pandas').DataFrame, samples('lecture'))")
    both = backprop(LECTURE, *PAIR)
    notebook.press("End")
    shows(notebook, both, len(both) - 1)


def test_data_of_the_widgets_own_are_chosen_and_what_was_given_comes_back(notebook):
    network = "Network.random([2, 2, 1], seed=1)"
    shown_anew(notebook, f"{network}, [[0.5, 2]], [[1]]", panel="training")
    made_of = Network.random([2, 2, 1], seed=1)
    assert notebook.find(".bppviz-data select").locator("option").all_text_contents() == [
        catalogue("en")[f"data.{name}"] for name in ("given", "and", "or", "xor", "changed")
    ]
    notebook.choose("data", "XOR")
    shows(notebook, backprop(made_of, *XOR), 0)
    notebook.choose("data", catalogue("en")["data.given"])
    shows(notebook, backprop(made_of, [[0.5, 2]], [[1]]), 0)


# Updates


def test_the_walk_goes_on_to_the_update_of_every_weight_from_the_old_ones(notebook):
    shown_anew(notebook, "None, *samples('lecture')", panel="training")
    notebook.find(".bppviz-walk-update input").check()
    trace = backprop(LECTURE, *PAIR, learning_rate=0.5)
    notebook.at(1, len(trace))
    notebook.focus()
    notebook.press("End")
    for step in range(len(trace) - 1, len(trace) - 4, -1):
        assert trace[step].phase == "update"
        shows(notebook, trace, step)
        notebook.press("ArrowLeft")
    assert state(notebook) == numbers(LECTURE)  # to look at an update changes nothing


def test_one_update_is_what_backprop_calls_updated_and_undo_takes_it_back(notebook):
    shown_anew(notebook, "None, *samples('lecture')", panel="training")
    updated = backprop(LECTURE, *PAIR, learning_rate=0.5).updated
    notebook.find("button.bppviz-update").click()
    notebook.eventually(lambda: progress(notebook) == made(1, 1, backprop(updated, *PAIR).L))
    for mine, theirs in zip(chain(*state(notebook)), chain(*numbers(updated)), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-12)
    shows(notebook, backprop(updated, *PAIR), 0)
    notebook.find("button.bppviz-undo").click()
    shows(notebook, backprop(LECTURE, *PAIR), 0)
    assert state(notebook) == numbers(LECTURE)


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("zh-TW", "projector")])
def test_every_step_of_sum_and_update_is_told_and_can_be_read(notebook, lang, theme):
    shown_anew(notebook, f"None, *samples('lecture'), learning_rate=0.5, lang={lang!r}", theme=theme)
    trace = backprop(LECTURE, *PAIR, learning_rate=0.5)
    narrator, stops, looks = Narrator(trace), walk(trace), {}
    notebook.press("End")
    for stop in reversed(stops):
        if trace[stop.last].phase not in ("sum", "update"):
            break
        looks[stop.last] = look = notebook.look(stop.last)
        told = [look["sentence"]["text"], look["formula"]["latex"], look["substituted"]["latex"]]
        assert told == [narrator.sentence(stop, words(lang)), *map(latex, narrator.both(stop))]
        notebook.press("ArrowLeft")
    assert len(looks) == 36
    assert not (found := report(looks)), found
    notebook.press("End")
    notebook.until(len(trace) - 1)
    assert_painted(notebook, trace, len(trace) - 1, lang=lang, theme=theme)


# Training


def begun(notebook, updates):
    """Begin a training of XOR with so many updates, and return its button."""
    shown_anew(notebook, f"{LEARNS}, *samples('xor')", panel="training")
    notebook.find(".bppviz-updates input").fill(str(updates))
    notebook.press("Enter")
    run = notebook.find("button.bppviz-run")
    run.click()
    return run


def test_ten_thousand_updates_end_where_train_ends(notebook):
    run = begun(notebook, 10_000)
    after, loss = trained(eval(LEARNS, {"Network": Network}), XOR, 0.5, 10_000)
    notebook.eventually(lambda: progress(notebook) == made(10_000, 10_000, loss))
    notebook.says(run, catalogue("en")["control.run"])
    assert state(notebook) == numbers(after)
    shows(notebook, backprop(after, *XOR), 0)


def test_kernel_interrupt_ends_the_training_and_later_a_cell(notebook):
    begun(notebook, 1_000_000)
    notebook.eventually(lambda: updates(notebook) > 0)
    notebook.menu("Kernel", "Interrupt Kernel")
    notebook.says(notebook.find("button.bppviz-run"), catalogue("en")["control.run"])
    begun_with = catalogue("en")["progress.interrupted"].partition("{")[0]
    notebook.eventually(lambda: progress(notebook).startswith(begun_with))
    done = updates(notebook)
    network, loss = trained(eval(LEARNS, {"Network": Network}), XOR, 0.5, done)
    said = catalogue("en")["progress.interrupted"].format(done=done, of=1_000_000, loss=number(loss))
    assert progress(notebook) == said
    assert state(notebook) == numbers(network)
    visit = notebook.find(".bppviz-visit .noUi-handle")
    notebook.eventually(lambda: float(visit.get_attribute("aria-valuenow")) == done)
    notebook.start(1, "while True:\n    pass")
    notebook.page.locator("#jp-main-statusbar").get_by_text("| Busy").wait_for()
    notebook.menu("Kernel", "Interrupt Kernel")
    notebook.idle()
    assert "KeyboardInterrupt" in notebook.cell(1).locator(".jp-OutputArea").text_content()


def test_a_training_is_stopped_from_the_second_of_two_views_and_their_sliders_agree(notebook):
    show = "from IPython.display import display\ndisplay(e)\ndisplay(e)"
    notebook.run(1, f"e = explain(theme='light')\n{show}")
    for view in (0, 1):
        notebook.painted(view)
    notebook.find("button.bppviz-show-training", 1).click()
    notebook.find(".bppviz-updates input", 0).wait_for()
    notebook.find(".bppviz-updates input", 1).fill("1000000")
    notebook.press("Enter")
    notebook.find("button.bppviz-run", 0).click()
    notebook.eventually(lambda: updates(notebook) > 0)
    notebook.find("button.bppviz-run", 1).click()
    for view in (0, 1):
        notebook.says(notebook.find("button.bppviz-run", view), catalogue("en")["control.run"])
    open_weights(notebook)
    handles = [notebook.find(".bppviz-slider.bppviz-at-w-1-0-0 .noUi-handle", view) for view in (0, 1)]
    for value, most in (("5.03", "10"), ("40.1234", "80"), ("-2.2", "5")):  # the range grows, and shrinks
        field(notebook, "w-1-0-0").fill(value)
        notebook.press("Enter")
        for handle in handles:
            notebook.eventually(
                lambda handle=handle, most=most: float(handle.get_attribute("aria-valuemax")) == float(most)
            )
            notebook.eventually(
                lambda handle=handle, value=value: (
                    abs(float(handle.get_attribute("aria-valuenow")) - float(value)) < 0.1
                )
            )
    assert notebook.problems == []


def test_a_training_leaves_the_page_free_is_stopped_at_once_and_any_epoch_of_it_is_visited(notebook):
    run = begun(notebook, 1_000_000)
    network = eval(LEARNS, {"Network": Network})
    notebook.eventually(lambda: updates(notebook) > 0)
    notebook.focus()
    before = progress(notebook)
    for step in range(1, 6):
        notebook.press("ArrowRight")
        notebook.until(step)  # long before the training ends, with the numbers of some network on its way
    notebook.eventually(lambda: progress(notebook) != before)
    assert run.text_content() == catalogue("en")["control.stop"]
    run.click()
    notebook.says(run, catalogue("en")["control.run"])
    notebook.idle()
    notebook.focus()
    notebook.press("Home")
    done = updates(notebook)
    assert 0 < done < 1_000_000
    assert state(notebook) == numbers(trained(network, XOR, 0.5, done)[0])
    slide(notebook, "visit", "Home")
    shows(notebook, backprop(network, *XOR), 0)
    slide(notebook, "visit", "ArrowRight", 3)
    third = trained(network, XOR, 0.5, 3)[0]
    shows(notebook, backprop(third, *XOR), 0)
    assert state(notebook) == numbers(third)
    notebook.focus()
    notebook.press("End")
    last = len(backprop(third, *XOR)) - 1
    shows(notebook, backprop(third, *XOR), last)
    open_weights(notebook)
    notebook.find("button.bppviz-reset").click()
    shows(notebook, backprop(network, *XOR), last)
    assert state(notebook) == numbers(network)


@pytest.mark.parametrize("how", ["dragged", "typed"])
def test_a_number_that_is_changed_while_it_trains_is_what_the_training_stops_at(notebook, how):
    run = begun(notebook, 1_000_000)
    notebook.eventually(lambda: updates(notebook) > 0)
    open_weights(notebook)
    place = "b-2-0"
    if how == "dragged":
        pull(notebook, notebook.find(f".bppviz-slider.bppviz-at-{place} .noUi-handle"), 20)
        notebook.page.wait_for_timeout(300)
        notebook.page.mouse.up()
        value = shown(notebook, place)
    else:
        field(notebook, place).click()
        notebook.says(run, catalogue("en")["control.run"])  # nobody types before this
        notebook.press("ControlOrMeta+a")
        notebook.page.keyboard.type("-1.5", delay=150)
        notebook.press("Enter")
        value = -1.5
    notebook.says(run, catalogue("en")["control.run"])
    notebook.eventually(lambda: single(field(notebook, place).input_value()) == value)
    notebook.idle()
    assert state(notebook)[1][1][0] == value
    assert progress(notebook) == ""


def test_the_slider_of_the_updates_is_dragged_while_it_trains(notebook):
    run = begun(notebook, 1_000_000)
    visit = notebook.find(".bppviz-visit .noUi-handle")
    notebook.eventually(lambda: float(visit.get_attribute("aria-valuenow")) > 100)
    pull(notebook, visit, -60)
    notebook.page.mouse.up()
    notebook.says(run, catalogue("en")["control.run"])

    def visited():
        return round(float(visit.get_attribute("aria-valuenow")))

    learned = eval(LEARNS, {"Network": Network})
    notebook.eventually(lambda: state(notebook) == numbers(trained(learned, XOR, 0.5, visited())[0]))
    assert 0 < visited() < float(visit.get_attribute("aria-valuemax"))


def test_the_slider_of_the_updates_lies_under_the_curve_and_its_point_is_dragged(notebook):
    shown_anew(notebook, f"{LEARNS}, *samples('xor')", panel="training")
    notebook.find(".bppviz-updates input").fill("60")
    notebook.press("Enter")
    notebook.find("button.bppviz-run").click()
    learned = eval(LEARNS, {"Network": Network})
    last = trained(learned, XOR, 0.5, 60)[1]
    title, point = notebook.find(".bppviz-title-training"), notebook.find(".bppviz-curve .bppviz-point")
    notebook.says(title, f"L = {number(last)} after update 60 of 60")
    plot = notebook.find(".bppviz-curve .bppviz-plotted .nsewdrag").bounding_box()
    rail = notebook.find(".bppviz-panel-training .bppviz-rail .noUi-target").bounding_box()
    assert (rail["x"], rail["width"]) == (pytest.approx(plot["x"], abs=1), pytest.approx(plot["width"], abs=1))
    pull(notebook, point, -plot["width"] / 3)
    notebook.page.mouse.up()
    after, loss = trained(learned, XOR, 0.5, 40)
    notebook.says(title, f"L = {number(loss)} after update 40 of 60")
    assert state(notebook) == numbers(after)


def test_nothing_of_a_training_is_hidden_beside_the_picture(open_shared_notebook):
    cell = "from bppviz import *\n\nexplain(Network.random([2, 2, 1], 'tanh'), *samples('xor'), open='training')"
    notebook = open_shared_notebook(cell, size=(1440, 900), in_turn=True)
    notebook.menu("View", "File Browser")
    notebook.run_all()
    notebook.find(".bppviz-plane .bppviz-plotted .main-svg").wait_for()
    panel = notebook.find(".bppviz-panel-training")
    assert panel.evaluate("it => [it.scrollHeight - it.clientHeight, it.scrollWidth - it.clientWidth]") == [0, 0]
    parts = ["rail", "runs", "learning-rate", "plane .bppviz-plotted", "options", "data", "sample"]
    boxes = [notebook.find(f".bppviz-panel-training .bppviz-{part}").bounding_box() for part in parts]
    assert all(box["height"] >= 24 for box in boxes)
    notebook.menu("View", "File Browser")


def test_what_is_no_number_is_refused_where_one_looks(notebook):
    shown_anew(notebook, f"{LEARNS}, *samples('xor')", panel="training")
    told = [notebook.find(".bppviz-problem"), notebook.find(".bppviz-progress")]
    for text, problem in (("-1", "rate"), ("1e400", "typed"), ("", "typed")):
        field(notebook, "rate").fill(text)
        notebook.press("Enter")
        for part in told:
            notebook.says(part, catalogue("en")[f"problem.{problem}"].format(value="−1"))
    notebook.eventually(lambda: field(notebook, "rate").input_value() == "0.5")
    field(notebook, "rate").fill("0.25")
    notebook.press("Enter")
    for part in told:
        notebook.says(part, NO_PROBLEM)


def test_the_loss_curve_grows_with_the_training_and_can_be_logarithmic(notebook):
    shown_anew(notebook, f"{LEARNS}, *samples('xor')", panel="training")
    network = eval(LEARNS, {"Network": Network})
    curve = notebook.find(".bppviz-curve .bppviz-plotted")

    def longest():
        return max(curve.evaluate("it => it.data.map(({ y }) => y)"), key=len)

    for count in (1, 2, 3):
        notebook.find("button.bppviz-update").click()
        wanted = [epoch.loss for epoch in train(network, *XOR, 0.5, count + 1)]
        notebook.eventually(lambda n=count: len(longest()) == n + 1)
        assert longest() == pytest.approx(wanted, rel=1e-5)
    assert curve.evaluate("it => it.layout.yaxis.type") != "log"
    notebook.find(".bppviz-log input").check()
    notebook.eventually(lambda: curve.evaluate("it => it.layout.yaxis.type") == "log")


def test_a_training_that_diverges_says_so_in_place_and_keeps_the_last_finite_weights(notebook):
    shown_anew(
        notebook,
        "Network.random([2, 3, 1], ['relu', 'identity'], seed=1), [[1, 2], [3, 4]], [[1], [2]]",
        panel="training",
    )
    network, data = Network.random([2, 3, 1], ["relu", "identity"], seed=1), ([[1, 2], [3, 4]], [[1], [2]])
    rate = notebook.find(".bppviz-rate-field input")
    rate.fill("50")
    notebook.press("Enter")
    notebook.find("button.bppviz-run").click()
    problem = notebook.find(".bppviz-problem")
    notebook.eventually(lambda: problem.text_content() != NO_PROBLEM)
    said = problem.text_content()
    update = int(said.split(" ")[1])
    assert said == catalogue("en")["problem.diverged"].format(update=update, rate="50", less="5")
    kept = trained(network, data, 50, update - 1)[0]
    assert state(notebook) == numbers(kept)
    with pytest.raises(ArithmeticError):
        trained(network, data, 50, update)
    notebook.focus()
    notebook.press("l")
    blanks = {"update": update, "rate": "50", "less": "5"}
    notebook.says(problem, catalogue("zh-TW")["problem.diverged"].format(**blanks))
    notebook.press("l")
    open_weights(notebook)
    notebook.find("button.bppviz-reset").click()
    notebook.says(problem, NO_PROBLEM)
    shows(notebook, backprop(network, *data), 0)


@pytest.mark.parametrize("typed", ["0", "-1"])
def test_a_learning_rate_that_is_none_is_refused_in_place(notebook, typed):
    shown_anew(notebook, "None", panel="training")
    rate = notebook.find(".bppviz-rate-field input")
    rate.fill(typed)
    notebook.press("Enter")
    notebook.says(notebook.find(".bppviz-problem"), catalogue("en")["problem.rate"].format(value=minus(typed)))
    notebook.eventually(lambda: rate.input_value() == "0.5")
    rate.fill("0.125")
    notebook.press("Enter")
    notebook.says(notebook.find(".bppviz-problem"), NO_PROBLEM)
    notebook.find("button.bppviz-update").click()
    updated = backprop(LECTURE, [1, -1], [1, 0], learning_rate=0.125).updated
    shows(notebook, backprop(updated, [1, -1], [1, 0]), 0)


def test_the_learning_rate_is_dragged_over_powers_of_ten(notebook):
    shown_anew(notebook, "None", panel="training")
    pull(notebook, notebook.find(".bppviz-rate .noUi-handle"), 25)
    notebook.page.mouse.up()
    power = float(notebook.find(".bppviz-rate .noUi-handle").get_attribute("aria-valuetext"))
    rate = float(f"{10**power:.2g}")
    assert rate > 1
    followed = notebook.find(".bppviz-rate-field input")
    notebook.eventually(lambda: single(followed.input_value()) == rate)  # the field follows the handle with a delay
    notebook.find("button.bppviz-update").click()
    updated = backprop(LECTURE, [1, -1], [1, 0], learning_rate=rate).updated
    shows(notebook, backprop(updated, [1, -1], [1, 0]), 0)
