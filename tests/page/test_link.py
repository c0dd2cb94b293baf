"""Links to a saved page: the address names a step and how it is shown, follows the walk, and keeps its meaning."""

import html
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urldefrag

import pytest
from networks import lecture
from saved import saved

from bppviz import Network, backprop, save_html
from bppviz.core.walk import GRANULARITIES
from bppviz.words.catalogue import catalogue

SHOWN = ".bppviz-stage[data-step]:has(.bppviz-picture)"
# What a page shows, as a link can name it: the step of the run and the counter, and how it is shown.
STATE = """() => {
  const stage = document.querySelector(".bppviz-stage");
  const pressed = (name) => [...document.querySelectorAll(`.bppviz-${name} button`)]
    .findIndex((it) => it.ariaPressed === "true");
  return [
    Number(stage.dataset.step), document.querySelector(".bppviz-counter b").textContent,
    document.querySelectorAll(".bppviz-granularity button")[pressed("granularity")].textContent,
    stage.lang, stage.dataset.theme, ["network", "mirror"][pressed("view")],
  ];
}"""
FORMULA = "document.querySelector('.bppviz-formula math').getAttribute('alttext')"
# Links of version 0.1 to the lecture's network, and what they show: every later version has to show the same.
KEPT = {
    "": (0, "1", "equation", "en", "light", "network"),
    "#step=1": (0, "1", "equation", "en", "light", "network"),
    "#step=28": (27, "28", "equation", "en", "light", "network"),
    "#step=028": (27, "28", "equation", "en", "light", "network"),
    "#step=49&lang=zh-TW": (48, "49", "逐式", "zh-TW", "light", "network"),
    "#step=28&lang=zh-TW&theme=projector&view=mirror": (27, "28", "逐式", "zh-TW", "projector", "mirror"),
    "#step=6&by=layer&theme=dark": (24, "6", "layer", "en", "dark", "network"),
    "#step=4&by=pass&view=mirror": (48, "4", "pass", "en", "light", "mirror"),
    "#step=13&by=neuron": (30, "13", "neuron", "en", "light", "network"),
    "#step=2&by=term": (0, "2", "term", "en", "light", "network"),
    "#step=3&by=term": (0, "3", "term", "en", "light", "network"),
    "#view=mirror&lang=zh-tw&step=5": (4, "5", "逐式", "zh-TW", "light", "mirror"),
    "#theme=dark": (0, "1", "equation", "en", "dark", "network"),
}


@pytest.fixture
def opened(browser):
    """A function that opens an address in a page of its own; at the end nothing may have gone wrong in any."""
    pages, problems = [], []

    def open_at(address, shown=SHOWN):
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        pages.append(page)
        page.on("console", lambda said: problems.append(said.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        if shown:
            page.locator(shown).wait_for(timeout=60_000)
        return page

    yield open_at
    for page in pages:
        page.close()
    assert problems == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with saved pages of the lecture's network."""
    folder = tmp_path_factory.mktemp("pages")
    saved(lecture(), folder)
    save_html(lecture(), folder / "begun.html", step=-1, lang="zh-TW", theme="dark", view="mirror")
    return folder


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing, and has a picture for a tab, which browsers ask for."""

    def log_message(self, *about):
        pass

    def do_GET(self):
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()


@contextmanager
def served(folder):
    """Serve a folder, and give its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(params=["file", "http"])
def place(request, folder):
    """The address of the folder: on the disk, as a page is opened that came by mail, and on a server."""
    if request.param == "file":
        yield folder.as_uri()
    else:
        with served(folder) as address:
            yield address


def shows(page, *state):
    """Wait until a page shows what it should."""
    page.wait_for_function(f"(state) => JSON.stringify(({STATE})()) === JSON.stringify(state)", arg=state)


def asks_for(page, link):
    """Wait until the address of a page ends so."""
    page.wait_for_function("(link) => location.hash === link", arg=link)


def says(page, text):
    """Wait until a page tells of a problem, or of none."""
    page.wait_for_function("(text) => document.querySelector('.bppviz-problem').textContent === text", arg=text)


def problem(lang, given, offered):
    return catalogue(lang)["problem.link"].format(given=given, offered=offered)


@pytest.mark.parametrize("link", KEPT)
def test_a_link_of_this_version_shows_what_it_shows_today(opened, folder, link):
    page = opened((folder / "walk.html").as_uri() + link)
    shows(page, *KEPT[link])
    says(page, "")
    assert page.url == (folder / "walk.html").as_uri() + link  # until somebody walks
    assert page.locator("input.bppviz-scrub").input_value() == str(KEPT[link][0])


def test_the_address_follows_the_walk_and_can_be_sent(opened, place):
    page = opened(f"{place}/walk.html")
    stage = page.locator(".bppviz-stage")
    stage.focus()
    page.keyboard.press("End")
    asks_for(page, "#step=49")
    page.locator(".bppviz-back").click()
    asks_for(page, "#step=48")
    page.locator("input.bppviz-scrub").fill("21")
    asks_for(page, "#step=22")
    stage.focus()
    page.keyboard.press("l")
    asks_for(page, "#step=22&lang=zh-TW")
    page.keyboard.press("ArrowUp")
    page.locator(".bppviz-show-settings").click()
    page.locator(".bppviz-theme button").last.click()
    page.locator(".bppviz-view button").last.click()
    asks_for(page, "#step=10&by=neuron&lang=zh-TW&theme=projector&view=mirror")
    assert page.evaluate("history.length") == opened("about:blank", None).evaluate("history.length") + 1
    other = opened(page.url)
    for it in (page, other):
        shows(it, 21, "10", "逐神經元", "zh-TW", "projector", "mirror")
    assert other.evaluate(FORMULA) == page.evaluate(FORMULA)
    page.reload()
    page.locator(SHOWN).wait_for()
    shows(page, 21, "10", "逐神經元", "zh-TW", "projector", "mirror")


def test_the_address_follows_a_walk_that_plays(opened, folder):
    page = opened((folder / "walk.html").as_uri() + "#step=40")
    page.locator(".bppviz-show-steps").click()
    page.locator(".bppviz-speed select").select_option(label="4×")
    page.locator(".bppviz-play").click()
    page.wait_for_function("Number(location.hash.slice(6)) > 40 && Number(location.hash.slice(6)) < 49")
    asks_for(page, "#step=49")


def test_a_link_that_is_followed_within_the_page_shows_its_step_and_so_do_back_and_forward(opened, place):
    page = opened(f"{place}/walk.html")
    page.locator(".bppviz-next").click()
    asks_for(page, "#step=2")
    followed = {
        "#step=28&lang=zh-TW&view=mirror": (27, "28", "逐式", "zh-TW", "light", "mirror"),
        "#step=3&by=layer&theme=dark": (11, "3", "layer", "en", "dark", "network"),
    }
    for link, state in followed.items():
        page.evaluate("(link) => (location.hash = link)", link)
        shows(page, *state)
    page.locator(".bppviz-next").click()
    asks_for(page, "#step=4&by=layer&theme=dark")
    page.go_back()
    shows(page, 27, "28", "逐式", "zh-TW", "light", "mirror")
    page.go_back()
    shows(page, 1, "2", "equation", "en", "light", "network")
    page.go_forward()
    page.go_forward()
    shows(page, 12, "4", "layer", "en", "dark", "network")
    assert page.url.endswith("#step=4&by=layer&theme=dark")


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_a_link_to_what_there_is_not_shows_the_first_step_and_one_sentence_says_what_was_wrong(opened, folder, lang):
    own = "" if lang == "en" else "&lang=zh-TW"
    word = {"en": "equation", "zh-TW": "逐式"}[lang]
    comma, semicolon = catalogue(lang)["list.comma"], catalogue(lang)["list.semicolon"]
    wrong = {
        "#step=50": ("step=50", "step=1–49"),
        "#step=0": ("step=0", "step=1–49"),
        "#step=-3": ("step=-3", "step=1–49"),
        "#step=last": ("step=last", "step=1–49"),
        "#step=": ("step=", "step=1–49"),
        "#theme=pink": ("theme=pink", f"theme={comma.join(('auto', 'light', 'dark', 'projector'))}"),
        "#view=constructor": ("view=constructor", f"view={comma.join(('network', 'mirror'))}"),
        "#by=hand": ("by=hand", f"by={comma.join(GRANULARITIES)}"),
        f"#step=<b>{'9' * 90}": (f"step=<b>{'9' * 21}", "step=1–49"),
    }
    page = opened((folder / "walk.html").as_uri() + "#step=49" + own)
    for link, (given, offered) in wrong.items():
        page.evaluate("(link) => (location.hash = link)", link + own)
        says(page, problem(lang, given, offered))
        shows(page, 0, "1", word, lang, "light", "network")
    page.evaluate("(link) => (location.hash = link)", f"#step=99&view=both{own}")
    offered = f"step=1–49{semicolon}view=network{comma}mirror"
    says(page, problem(lang, f"step=99{comma}view=both", offered))
    assert page.locator(".bppviz-problem").get_attribute("role") == "alert"
    page.locator(".bppviz-next").click()
    says(page, "")
    asks_for(page, f"#step=2{own}")


def test_a_link_with_an_unknown_language_is_answered_in_the_language_of_the_page(opened, folder):
    page = opened((folder / "begun.html").as_uri() + "#step=28&lang=fr")
    shows(page, 27, "28", "逐式", "zh-TW", "dark", "mirror")
    says(page, problem("zh-TW", "lang=fr", "lang=en、zh-TW"))


def test_a_page_begins_as_it_was_saved_and_its_address_names_what_is_different(opened, folder):
    page = opened((folder / "begun.html").as_uri())
    shows(page, 48, "49", "逐式", "zh-TW", "dark", "mirror")
    assert page.locator("input.bppviz-scrub").input_value() == "48"
    page.locator(".bppviz-first").click()
    asks_for(page, "#step=1")
    page.locator(".bppviz-show-settings").click()
    page.locator(".bppviz-language button").first.click()
    page.locator(".bppviz-view button").first.click()
    asks_for(page, "#step=1&lang=en&view=network")


def test_a_network_without_a_mirror_does_not_offer_one_and_a_link_to_it_is_answered(opened, tmp_path):
    save_html(backprop(Network.random([7, 2]), [0.5] * 7, [1, 0]), tmp_path / "walk.html")
    page = opened((tmp_path / "walk.html").as_uri() + "#step=2&view=mirror&by=layer")
    says(page, problem("en", "view=mirror", "view=network"))
    page.locator(".bppviz-counter b", has_text="2").wait_for()
    assert page.locator(".bppviz-view").count() == 0


@pytest.mark.parametrize("way", ["src", "srcdoc"])
def test_in_a_frame_that_may_do_nothing_but_run_scripts_the_page_walks_and_is_silent(opened, folder, place, way):
    page_in_it = "walk.html#step=28" if way == "src" else html.escape((folder / "walk.html").read_text("utf-8"))
    frame = f'<!doctype html><iframe sandbox="allow-scripts" {way}="{page_in_it}" width="1000" height="700"></iframe>'
    (folder / f"{way}.html").write_text(frame, encoding="utf-8")
    page = opened(f"{place}/{way}.html", None)
    inside = page.frame_locator("iframe")
    inside.locator(SHOWN).wait_for()
    begin = 27 if way == "src" else 0
    for count in (1, 2, 3):
        inside.locator(".bppviz-next").click()
        inside.locator(f'.bppviz-stage[data-step="{begin + count}"]').wait_for()
        page.wait_for_timeout(500)  # so that the address was written, or refused
    assert urldefrag(page.url).fragment == ""


def test_an_address_that_may_not_be_changed_disturbs_nothing(opened, folder, browser):
    page = browser.new_page()
    page.add_init_script("History.prototype.replaceState = () => { globalThis.tried = true; throw new Error('no'); };")
    problems = []
    page.on("console", lambda said: problems.append(said.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((folder / "walk.html").as_uri() + "#step=28")
    page.locator(SHOWN).wait_for()
    page.locator(".bppviz-next").click()
    page.wait_for_function("globalThis.tried")
    page.locator(".bppviz-next").click()
    page.locator('.bppviz-stage[data-step="29"]').wait_for()
    page.close()
    assert problems == []


@pytest.mark.parametrize(("step", "says"), [(49, "49"), (-50, "-50")])
def test_a_step_that_there_is_not_is_refused_and_nothing_is_written(tmp_path, step, says):
    text = f"step {says} of a trace with 49 steps; they count from 0 to 48."
    with pytest.raises(IndexError, match=f"^{text}$"):
        save_html(lecture(), tmp_path / "walk.html", step=step)
    with pytest.raises(TypeError, match=r"^step is 'last'; give a whole number from 0 to 48\.$"):
        save_html(lecture(), tmp_path / "walk.html", step="last")
    assert list(tmp_path.iterdir()) == []


def test_a_mirror_is_refused_where_there_is_none_and_nothing_is_written(tmp_path):
    trace = backprop(Network.random([7, 2]), [0.5] * 7, [1, 0])
    text = "view 'mirror' is not offered with more than 6 neurons per layer; choose one of: network."
    with pytest.raises(ValueError, match=f"^{text}$"):
        save_html(trace, tmp_path / "walk.html", view="mirror")
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_cannot_be_written_leaves_the_one_that_is_there(tmp_path):
    saved(lecture(), tmp_path)
    before = (tmp_path / "walk.html").read_bytes()
    with pytest.raises(FileNotFoundError, match=r"^path is '.+', but there is no folder '.+'; make it first, or give"):
        save_html(lecture(), tmp_path / "pages" / "walk.html")
    with pytest.raises(IsADirectoryError, match=r"^path is '.+', which is a folder; give the name of a file in it\.$"):
        save_html(lecture(), tmp_path)
    assert [it.read_bytes() for it in tmp_path.iterdir()] == [before]
