"""A notebook that was saved shows where its widget rested, wherever nothing runs: opened again, exported, or mailed."""

import base64
import json
import subprocess
import sys

import pytest
from networks import lecture

from bppviz.picture.layout import Layout

LAYOUT = Layout(lecture().network.sizes)
RESTS = "import bppviz.widget.keepsake\nbppviz.widget.keepsake.KEPT_AFTER = 0.2"
GO_ON = {
    "en": "Run this cell to walk through the network step by step.",
    "zh-TW": "執行這個儲存格，就能一步一步看這個網路。",
}
GREW = 80_000  # bytes by which a notebook may grow for a widget, without the image


def shown_still(notebook) -> str:
    """Return what the picture beside a widget shows, in words; it is not seen as long as the widget lives."""
    return notebook.page.locator(".bppviz-still img").get_attribute("alt")


def saved(notebook, step):
    """Save a notebook as soon as its still shows a step, and return what is in its file."""
    file, found = notebook.lab.root / notebook.name, {}

    def is_there():
        notebook.press("Control+s")
        text = file.read_text(encoding="utf-8")
        if not text.rstrip().endswith("}"):  # it is being written
            return False
        found.update(json.loads(text))
        outputs = found["cells"][1]["outputs"]
        return outputs and f"step {step}:" in "".join(outputs[0]["data"]["text/plain"])

    notebook.eventually(is_there)
    return found


def opened(lab, page, data, name):
    """Open a notebook's data without any kernel and without the widgets of the one that was saved."""
    data["metadata"].pop("widgets", None)
    data["metadata"]["kernelspec"]["name"] = "no-such-kernel"
    (lab.root / name).write_text(json.dumps(data), encoding="utf-8")
    page.goto(f"{lab.url}/lab/workspaces/{name.partition('.')[0]}/tree/{name}?reset")
    page.locator(".bppviz-still img").wait_for()
    page.wait_for_function("document.querySelector('.bppviz-still img').naturalWidth > 500")


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_a_saved_notebook_shows_where_the_walk_rested_when_it_is_opened_again(open_notebook, browser, lab, lang):
    notebook = open_notebook(RESTS, f"import bppviz\nbppviz.explain(step=20, lang={lang!r})", fresh=True).run_all()
    assert notebook.page.locator(".bppviz-still").count() == 1
    assert not notebook.page.locator(".bppviz-still").is_visible()
    notebook.focus()
    notebook.press("ArrowRight")
    notebook.until(21)
    data = saved(notebook, 21)
    assert notebook.page.evaluate("document.activeElement.className") == "bppviz-stage"
    assert not notebook.page.locator(".bppviz-still").is_visible()
    shown, widget = outputs = data["cells"][1]["outputs"]
    assert widget["data"]["text/plain"] in ("", [])
    assert base64.b64decode(shown["data"].pop("image/png")).startswith(b"\x89PNG")
    assert len(json.dumps(outputs)) < GREW

    for trusted in (True, False):
        name = f"again-{lang}-{trusted}.ipynb"
        data["cells"][1]["source"] = f"bppviz.explain()  # {name}"
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        if trusted:
            (lab.root / name).write_text(json.dumps(data), encoding="utf-8")
        opened(lab, page, data, name)
        still = page.locator(".bppviz-still")
        told = still.inner_text()
        assert GO_ON[lang] in told
        assert "σ" in told or "∂l/∂z" in told.replace("\n", "")
        assert not page.get_by_text("model not found").is_visible()
        assert not page.get_by_text("Loading widget").is_visible()
        page.close()


def test_an_export_to_html_shows_it_with_the_network_cut_off(open_notebook, browser, tmp_path):
    notebook = open_notebook(RESTS, "import bppviz\nbppviz.explain(step=28)", fresh=True).run_all()
    data = saved(notebook, 28)
    (tmp_path / "walk.ipynb").write_text(json.dumps(data), encoding="utf-8")
    export = [sys.executable, "-m", "nbconvert", "--to", "html", "walk.ipynb"]
    subprocess.run(export, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.route("http*://**", lambda route: route.abort())
    page.goto((tmp_path / "walk.html").as_uri())
    still = page.locator(".bppviz-still")
    assert still.is_visible()
    assert page.evaluate("document.querySelector('.bppviz-still img').naturalWidth") == LAYOUT.width
    assert still.locator("math").first.is_visible()
    assert not still.locator(".bppviz-lines").is_visible()
    assert page.get_by_text("Explainer(").count() == 0
    page.close()


def test_while_results_are_asked_for_the_still_does_not_tell_them(open_notebook):
    notebook = open_notebook(RESTS, "import bppviz\ne = bppviz.explain(step=20)\ne", fresh=True).run_all()
    before = shown_still(notebook)
    notebook.find(".bppviz-show-predict").click()
    notebook.python("e.step = 30")
    notebook.until(30)
    notebook.python("import asyncio; await asyncio.sleep(1)")
    assert shown_still(notebook) == before
    notebook.find(".bppviz-show-predict").click()
    notebook.eventually(lambda: shown_still(notebook) != before)


def test_a_widget_that_begins_by_asking_keeps_no_picture_until_it_has_ended(open_notebook):
    notebook = open_notebook(RESTS, "import bppviz\nbppviz.explain(open='predict')", fresh=True).run_all()
    still = notebook.page.locator(".bppviz-still")
    assert (still.text_content(), still.locator("img").count()) == (GO_ON["en"], 0)
    notebook.find(".bppviz-show-predict").click()
    notebook.eventually(lambda: still.locator("img").count() == 1)


def test_a_widget_that_is_closed_leaves_no_picture(open_notebook):
    notebook = open_notebook(RESTS, "import bppviz\ne = bppviz.explain()\ne", fresh=True).run_all()
    assert notebook.page.locator(".bppviz-still").count() == 1
    notebook.python("e.close()")
    notebook.eventually(lambda: notebook.page.locator(".bppviz-still").count() == 0)
