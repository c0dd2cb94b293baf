"""The page that `save_html` writes: the same stage, opened from a file, without a kernel, a server or the internet."""

from itertools import product

import pytest
from networks import lecture
from painting import PAINTED, drawn, plain
from saved import saved
from surface import lost, still
from wcag import TAGS, wrong

import bppviz
from bppviz import Network, backprop, listing, save_html
from bppviz.core.walk import walk
from bppviz.picture.film import VIEWS
from bppviz.picture.theme import THEMES
from bppviz.practice.quiz import Quiz
from bppviz.practice.typed import Given
from bppviz.words.catalogue import catalogue
from bppviz.words.numbers import number
from bppviz.words.symbols import Symbols

MOST_CONTROLS, LEAST_TEXT = 15, 12
# Windows, and how high the page may be at rest: of a phone, narrow, as in a cell on a laptop, of a screen.
SIZES = {(390, 844): 844, (576, 700): 600, (848, 599): 560, (1440, 900): 900}
# What reaches beyond the right end of the page, but for what can be scrolled.
BEYOND = """(width) => [...document.querySelectorAll(".bppviz :is(button, select, input, p, span, b, label)")]
  .filter((it) => it.checkVisibility() && !it.closest(".bppviz-scroll, .bppviz-formula, .bppviz-substituted, figure"))
  .filter((it) => it.getBoundingClientRect().right > width + 1)
  .map((it) => it.outerHTML)"""


@pytest.fixture
def opened(browser, tmp_path):
    """A function that writes a trace to a file and opens it; at the end nothing may have gone wrong or been fetched."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    problems, requests = [], []
    page.on("console", lambda said: said.type == "error" and problems.append(said.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))

    def write_and_open(trace, **options):
        page.goto(saved(trace, tmp_path, **options))
        page.locator(".bppviz-stage[data-step]:has(.bppviz-picture)").wait_for(timeout=60_000)
        return page

    yield write_and_open
    page.close()
    assert problems == []
    assert [url for url in requests if not url.startswith(("file:", "blob:", "data:"))] == []


def at(page, **wanted):
    """Wait until the stage says so in its data attributes."""
    page.locator(".bppviz-stage" + "".join(f'[data-{name}="{value}"]' for name, value in wanted.items())).wait_for()


def choose(page, control, label):
    """Choose one of a few, side by side in a popover, which is opened for it and closed again."""
    opener = page.locator(f".bppviz-show-{'steps' if control == 'granularity' else 'settings'}")
    opener.click()
    page.locator(f".bppviz-{control}").get_by_role("button", name=label, exact=True).click()
    page.keyboard.press("Escape")
    page.locator(".bppviz-pop.bppviz-is-up").wait_for(state="detached")


def test_the_walk_goes_on_by_key_button_slider_and_by_itself(opened):
    page = opened(lecture())
    page.locator(".bppviz-stage").focus()
    page.keyboard.press("ArrowRight")
    at(page, step=1, quantity="a", steps=49)
    page.locator(".bppviz-last").click()
    at(page, step=48, phase="gradient")
    page.locator("input.bppviz-scrub").fill("21")
    at(page, step=21, phase="backward", quantity="dl_dz")
    page.locator(".bppviz-show-steps").click()
    page.locator(".bppviz-speed select").select_option(label="4×")
    page.locator(".bppviz-play").click()
    page.wait_for_function("document.querySelector('.bppviz-stage').dataset.step > 28")
    page.locator(".bppviz-play").click()


def test_language_colours_and_granularity_can_be_chosen(opened):
    page = opened(lecture(), lang="zh-TW", theme="dark")
    at(page, theme="dark")
    assert page.locator(".bppviz-next").text_content() == "下一步 ›"
    choose(page, "language", "English")
    page.locator(".bppviz-next:has-text('Next')").wait_for()
    choose(page, "granularity", "layer")
    page.locator(".bppviz-next").click()
    at(page, step=7)


@pytest.mark.parametrize("view", VIEWS)
def test_network_and_mirror_can_be_chosen_and_the_table_goes_with_both(opened, view):
    page, trace = opened(lecture(), theme="light", view=view), lecture()
    page.locator("input.bppviz-scrub").fill("21")
    page.locator(".bppviz-show-table").click()
    for name in (view, *(other for other in VIEWS if other != view), view):
        choose(page, "view", catalogue("en")[f"view.{name}"])
        height = drawn(trace, 21, view=name)["layout"]["height"]
        page.wait_for_function(f"(height) => ({PAINTED})().layout.height === height", arg=height)
        at(page, step=21)
        assert plain(page.evaluate(PAINTED))["data"] == drawn(trace, 21, view=name)["data"]
        page.locator(".bppviz-panel-table td[data-step='21']").first.click()
        page.locator(".bppviz-marks > *").first.wait_for(state="attached")
        for step in (22, 21):
            page.locator(".bppviz-next" if step == 22 else ".bppviz-back").click()
            at(page, step=step)
            assert plain(page.evaluate(PAINTED))["data"] == drawn(trace, step, view=name)["data"]


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_all_of_the_page_is_in_sight_at_rest_and_with_its_table_or_its_program_open(opened, lang):
    page = opened(lecture(), lang=lang)
    page.locator("input.bppviz-scrub").fill("21")
    at(page, step=21)
    for (width, height), most in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        surface = still(page)
        assert surface["height"] <= most, width
        assert len(surface["controls"]) <= MOST_CONTROLS, surface["controls"]
        assert (width, lost(surface)) == (width, [])
        for panel, part in (("table", "table"), ("code", ".bppviz-code-line")):
            tab = page.locator(f".bppviz-show-{panel}")
            tab.click()
            page.locator(f".bppviz-panel-{panel} {part}").first.wait_for()
            with_panel = still(page)
            assert (width, panel, lost(with_panel)) == (width, panel, [])
            assert min(surface["text"], with_panel["text"]) >= LEAST_TEXT, width
            assert with_panel["height"] <= height or width == 390, width  # on a phone the page is scrolled
            tab.click()
            page.locator(f".bppviz-panel-{panel}").wait_for(state="hidden")


def test_the_program_walks_with_the_page_and_can_be_saved_from_it(opened):
    page, trace = opened(lecture()), lecture()
    page.locator("input.bppviz-scrub").fill("21")
    page.locator(".bppviz-show-code").click()
    line = page.locator(".bppviz-code-line[aria-current=step]")
    line.locator("text=dl_dz[k] = da_dz[k] * dl_da[k]").wait_for()
    assert line.locator(".bppviz-worth").text_content() == "# dl_dz[2] = [−0.04576, ·]"
    page.locator(".bppviz-listing button", has_text="z[k] = W[k]").click()
    at(page, step=trace.step_of("z", 2, 0))
    page.get_by_role("button", name="PyTorch", exact=True).click()
    page.get_by_text(catalogue("en")["code.no_torch"]).wait_for()
    with page.expect_download() as saved:
        page.locator(".bppviz-save-py").click()
    assert saved.value.path().read_text(encoding="utf-8") == listing(trace, framework="torch")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("lang", "view"), [("en", "mirror"), ("zh-TW", "network")])
def test_nothing_is_wrong_with_the_page_for_those_who_cannot_see_it(opened, lang, view, theme):
    page = opened(lecture(), lang=lang, theme=theme, view=view)
    for opener in (
        ".bppviz-show-steps",
        ".bppviz-show-settings",
        ".bppviz-show-table",
        ".bppviz-show-code",
        ".bppviz-help",
    ):
        assert wrong(page, "html", [*TAGS, "best-practice"]) == []
        page.locator(opener).click()
    assert wrong(page, "html", [*TAGS, "best-practice"]) == []
    box = page.locator("input.bppviz-scrub").bounding_box()
    assert box["height"] >= 24


NO_SCRIPT = catalogue("zh-TW")["page.no_script"]
POLICIES = {"no blob:": "script-src 'unsafe-inline'", "no script": "script-src 'none'", "scripts off": None}


@pytest.mark.parametrize("about", POLICIES)
def test_where_its_scripts_cannot_run_the_page_says_so_and_has_no_button_that_does_nothing(browser, tmp_path, about):
    address = saved(lecture(), tmp_path, lang="zh-TW")
    page = browser.new_page(java_script_enabled=bool(POLICIES[about]))
    html = (tmp_path / "walk.html").read_text(encoding="utf-8")
    if POLICIES[about]:
        meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICIES[about]}">'
        (tmp_path / "walk.html").write_text(html.replace("<head>", f"<head>{meta}"), encoding="utf-8")
    page.goto(address)
    sentence = page.locator(".bppviz-no-script")
    sentence.wait_for()
    assert sentence.text_content().startswith(NO_SCRIPT)
    assert not any(part.is_visible() for part in page.locator("button, input, select").all())
    page.close()


def test_a_name_given_by_the_user_is_text(opened):
    network = Network([[[1, 2]]], [[0]], "tanh", "half_squared_error", input_names=["<b onclick=x>", "</script>"])
    page = opened(backprop(network, [1, 2], [0]))
    assert page.locator("b[onclick]").count() == 0


def test_names_that_no_file_can_hold_are_replaced(opened):
    names = ["\ud800", "a\nb\x00"]
    network = Network([[[1, 2]]], [[0]], "tanh", "half_squared_error", input_names=names)
    page = opened(backprop(network, [1, 2], [0]))
    for text in ("\ufffd", "a b"):
        page.locator(".bppviz-picture text", has_text=text).wait_for()


def test_where_nothing_can_be_learned_a_sentence_says_why_in_the_language_of_the_page(opened):
    page = opened(backprop(Network([[[1, 2]]], [[0]], "softmax", "cross_entropy"), [1, 2], [1]))
    notice = page.locator(".bppviz-notice")
    assert notice.get_attribute("role") == "status"
    page.locator(".bppviz-notice", has_text=catalogue("en")["notice.single_softmax"]).wait_for()
    choose(page, "language", "繁體中文")
    page.locator(".bppviz-notice", has_text=catalogue("zh-TW")["notice.single_softmax"]).wait_for()
    page = opened(lecture())
    page.locator(".bppviz-next:has-text('Next')").wait_for()
    assert (notice.text_content(), notice.is_visible()) == ("", False)


def test_two_sentences_are_said_one_after_the_other(opened):
    trace = backprop(Network([[[0], [0]], [[0, 0]]], [[0, 0], [0]], ["relu", "softmax"], "cross_entropy"), [1], [1])
    page = opened(trace)
    first, second = catalogue("en")["notice.single_softmax"], catalogue("en")["notice.alike"].format(layer=1, count=2)
    page.locator(".bppviz-notice", has_text=f"{first} {second}").wait_for()


def test_what_is_not_a_trace_or_not_known_is_refused(tmp_path):
    with pytest.raises(
        TypeError,
        match=r"^save_html needs .+, not an Explainer; give its trace: explainer\.trace\.",
    ):
        save_html(bppviz.explain(), tmp_path / "walk.html")
    with pytest.raises(ValueError, match="unknown language 'fr'; choose one of: en, zh-TW"):
        save_html(lecture(), tmp_path / "walk.html", lang="fr")
    assert not (tmp_path / "walk.html").exists()


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_in_a_narrow_page_nothing_but_picture_and_formula_is_scrolled_sideways(opened, lang):
    page = opened(lecture(), lang=lang)
    for width, step in product((640, 320), (0, 13, 21, 48)):  # 1280 pixels at 200 %, and at 400 %
        page.set_viewport_size({"width": width, "height": 512})
        page.locator("input.bppviz-scrub").fill(str(step))
        at(page, step=step)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert page.evaluate(BEYOND, width) == []


def test_whoever_wants_no_motion_is_shown_none(opened):
    page = opened(lecture())
    motions = "document.getAnimations().map((it) => it.animationName ?? it.transitionProperty)"
    for reduced, names in (("no-preference", {"bppviz-pulse"}), ("reduce", {"bppviz-hold"})):
        page.emulate_media(reduced_motion=reduced)
        page.locator("input.bppviz-scrub").fill("21")
        at(page, step=21)
        page.locator(".bppviz-stage").focus()
        page.keyboard.press("r")
        page.locator(".bppviz-pulse").first.wait_for(state="attached")
        assert set(page.evaluate(motions)) == names
        page.reload()
        at(page, step=21)


def test_the_page_goes_to_full_screen_and_back(opened):
    page = opened(lecture())
    page.locator(".bppviz-stage").focus()
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement?.matches('.bppviz')")
    at(page, theme="projector")
    assert not page.locator(".bppviz-show-table").is_visible()
    page.keyboard.press("f")
    page.wait_for_function("!document.fullscreenElement")
    at(page, theme="light")
    assert page.locator(".bppviz-show-table").is_visible()


def test_a_page_is_not_much_larger_than_plotly(tmp_path):
    saved(lecture(), tmp_path)
    assert (tmp_path / "walk.html").stat().st_size < 2_400_000


def ask(page):
    """Open the questions with the keyboard, and wait for the first."""
    page.locator(".bppviz-stage").focus()
    page.keyboard.press("p")
    page.locator(".bppviz-answer:focus").wait_for()


def says(page, part, text):
    """Wait until a part of the page says this."""
    page.locator(f".bppviz-{part}", has_text=text).wait_for()


def test_a_round_of_questions_is_answered_by_key_in_both_languages_without_a_network(opened):
    page, trace = opened(lecture()), lecture()
    page.context.set_offline(True)
    ask(page)
    quiz, told = Quiz(8, is_short=True), 0
    while stop := quiz.next_stop(trace, "equation"):
        quiz.arrive(stop)
        (event,) = quiz.question(trace, stop)
        lang = ("en", "zh-TW")[told % 2]
        symbol = Symbols(trace.network)(*event.place).text
        at(page, step=event.step)
        says(page, "sentence", catalogue(lang)["quiz.ask"].format(what=symbol))
        page.locator(".bppviz-answer:focus").wait_for()
        page.keyboard.type(f"{event.value:.6g}")
        if event.quantity != "dz_dw":  # which has no place of its own in the picture
            page.locator(".bppviz-echo", has_text=f"{event.value:.6g}"[:12]).first.wait_for()
        page.keyboard.press("Enter")
        says(page, "verdict", catalogue(lang)["quiz.right"].format(symbol=symbol, value=number(event.value)))
        page.locator(".bppviz-stage").focus()
        page.keyboard.press("l")  # in the middle of a question
        lang = ("en", "zh-TW")[1 - told % 2]
        says(page, "verdict", catalogue(lang)["quiz.right"].format(symbol=symbol, value=number(event.value)))
        quiz.answer(trace, stop, [Given(event.value, 0)])
        told += 1
        if event.quantity != "dz_dw":  # after its input, the gradient is asked for at the same step
            page.locator(".bppviz-check").focus()
            page.keyboard.press("Enter")
        else:
            page.locator(".bppviz-answer").focus()
    says(page, "score", catalogue("zh-TW")["quiz.score"].format(right=13, asked=13))
    at(page, step=2)  # the next round asks for other numbers


def test_by_vector_a_whole_matrix_is_typed_and_its_wrong_entry_named_in_the_page_alone(opened):
    trace = lecture()
    page, say = opened(trace, step=trace.step_of("dl_dw", 2, 0, 0)), catalogue("en")
    page.context.set_offline(True)
    choose(page, "granularity", say["granularity.vector"])
    ask(page)
    (one, two), (three, four) = trace.dl_dw[1]
    what, entries = "∂l/∂W⁽²⁾", "∂l/∂w₃, ∂l/∂w₉, ∂l/∂w₄ and ∂l/∂w₁₀"
    choose_length(page, "long")
    for stop in (it for it in walk(trace, "vector") if it.last < trace.step_of("dl_dw", 2, 0, 0)):
        at(page, step=stop.last)
        page.locator(".bppviz-next").click()
    says(page, "sentence", say["choice.product"].format(matrix=what))
    assert page.locator(".bppviz-formula").inner_text().split()[-1] == "?"  # the product would tell
    assert wrong(page, "html", [*TAGS, "best-practice"]) == []
    page.locator(".bppviz-option").first.focus()
    page.keyboard.press("Enter")
    says(page, "verdict", say["choice.turned"])
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    says(page, "verdict", say["choice.outer"])
    page.locator(".bppviz-answer:focus").wait_for()
    says(page, "sentence", say["quiz.ask_matrix"].format(what=what, entries=entries))
    says(page, "asked", f"{what} =")
    page.locator(".bppviz-answer").fill(f"{one:.4g} {three:.4g} {two:.4g}")
    page.keyboard.press("Enter")
    says(page, "verdict", say["quiz.count"].format(wanted=4, given=3))
    page.locator(".bppviz-answer").fill(f"{one:.4g} {three:.4g} {two:.4g} {four:.4g}")
    page.keyboard.press("Enter")
    says(page, "verdict", "∂l/∂w₉ is not")
    says(page, "verdict", say["mistake.outer"].format(a="a₁", gradient="∂l/∂z₄", w="w₄"))
    page.locator(".bppviz-answer").fill(f"[[{one:.4g} {two:.4g}]\n [{three:.4g} {four:.4g}]]")  # as NumPy writes it
    page.keyboard.press("Enter")
    says(page, "verdict", f"✓ Right: ∂l/∂w₃ = {number(one)}")


def choose_length(page, name):
    page.locator(f".bppviz-length input[value='{('short', 'long').index(name)}']").check()


def test_mistakes_are_named_and_hints_taken_in_the_page_alone_and_the_table_gives_nothing_away(opened):
    page, say = opened(lecture(), lang="zh-TW"), catalogue("zh-TW")
    ask(page)
    page.keyboard.type("-4")
    page.keyboard.press("Enter")
    says(page, "verdict", say["mistake.sign"])
    page.keyboard.type("h")
    says(page, "sentence", "x₂ = −1")
    says(page, "hint", say["quiz.hint"].format(hint=2, hints=3))
    assert wrong(page, "html", [*TAGS, "best-practice"]) == []
    page.locator(".bppviz-show-table").click()
    cell = page.locator(".bppviz-panel-table [data-step='0']").first
    page.locator(".bppviz-panel-table [data-step='0'] > b", has_text="?").first.wait_for()
    assert cell.inner_text() == "?"
    page.locator(".bppviz-answer").fill("４")
    page.keyboard.press("Enter")
    page.locator(".bppviz-panel-table [data-step='0'] > b").wait_for(state="detached")
    page.locator(".bppviz-show-predict").click()
    says(page, "score", say["quiz.score"].format(right=0, asked=1))
    page.locator(".bppviz-stage").focus()
    page.keyboard.press("p")
    page.locator(".bppviz-quiz").wait_for(state="hidden")


def test_a_question_goes_on_in_the_other_view_and_by_neuron(opened):
    page, trace = opened(lecture()), lecture()
    ask(page)
    page.locator(".bppviz-length label").last.click()
    step = trace.step_of("dl_dz", 3, 0)
    page.locator("input.bppviz-scrub").fill(str(step))
    at(page, step=step)
    marks = page.locator(".bppviz-plot text").get_by_text("?", exact=True)
    for view in ("Network", "With its mirror", "Network"):
        choose(page, "view", view)
        marks.first.wait_for()
        assert number(trace[step].value) not in page.locator(".bppviz-plot").inner_text()
    choose(page, "granularity", "neuron")
    page.wait_for_function("document.querySelector('.bppviz-asked').textContent.includes('∂l/∂y₁')")
    assert marks.count() == 3
    page.locator(".bppviz-answer").fill(" ".join(f"{trace[k].value:.4g}" for k in (step - 2, step - 1, step)))
    page.keyboard.press("Enter")
    says(page, "verdict", "✓ Right: ∂l/∂y₁ = −0.3823, σ′(z₅) = 0.2361 and ∂l/∂z₅ = −0.09028.")


def test_of_a_large_run_the_page_says_that_it_has_no_questions(opened):
    network = Network.random([12, 12, 10])
    page = opened(backprop(network, [1] * 12, [0] * 10))
    page.locator(".bppviz-show-predict").click()
    says(page, "verdict", catalogue("en")["quiz.missing"])
    page.locator(".bppviz-check").click()
    at(page, step=1)


@pytest.mark.parametrize("lang", ["en", "zh-TW"])
def test_a_question_is_in_sight_with_its_verdict(opened, lang):
    page = opened(lecture(), lang=lang)
    for width in (390, 848, 1280):
        page.set_viewport_size({"width": width, "height": 844 if width == 390 else 700})
        ask(page)
        page.keyboard.type("3")
        page.keyboard.press("Enter")
        says(page, "verdict", "✗")
        assert (width, lost(still(page))) == (width, [])
        page.keyboard.type("hh")
        page.locator(".bppviz-substituted:has(math)").wait_for()
        assert page.locator(".bppviz-sentence").is_visible()
        assert (width, lost(still(page))) == (width, [])
        page.locator(".bppviz-show-predict").click()
        page.locator(".bppviz-quiz").wait_for(state="hidden")
