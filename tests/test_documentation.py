"""The site of the documentation: built without a warning, whole, and nothing in it comes from elsewhere."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from pages import missing
from wcag import wrong

import bppviz

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path.stem for path in DOCS.glob("*.md"))
FETCHED = re.compile(r"""<(?:script|img|source|video|iframe|link)\b[^>]*?\b(?:src|href)="([^"]*)\"""")
IN_STYLES = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""")
OF_EACH_KIND = ("index.zh-TW", "gallery", "api", "measured", "accessibility")
# What the theme says around a page: in texts, and in attributes.
LABELS = """() => {
  const texts = ".skip-to-content, .back-to-top, .toc-title, .context";
  return [...document.querySelectorAll(`[aria-label], [title], [placeholder], ${texts}`)]
    .filter((it) => !it.closest("head, [lang=en], article"))
    .flatMap((it) => [it.ariaLabel, it.title, it.placeholder, it.matches(texts) && it.textContent.trim()])
    .filter(Boolean);
}"""
LESSON = re.compile(r'"lessons/lab/index\.html\?path=([^"]+)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, built as strictly as can be, with links to the lessons."""
    if not find_spec("sphinx"):
        missing("These tests build the documentation: pip install -r docs/requirements.txt.")
    folder = tmp_path_factory.mktemp("documentation")
    build = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--tag", "lessons", DOCS, folder]
    built = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert (built.returncode, built.stderr) == (0, "")
    return folder


def written(site, page):
    """Return a page as it was written."""
    return (site / f"{page}.html").read_text(encoding="utf-8")


def test_every_public_name_is_explained_once(site):
    explained = re.findall(r'<dt [^>]*id="bppviz\.(\w+)"', written(site, "api"))
    assert sorted(explained) == sorted(bppviz.__all__)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_all_that_it_loads_is_there(site, page):
    fetched = FETCHED.findall(written(site, page))
    assert fetched
    for address in fetched:
        parts = urlsplit(address)
        assert (parts.scheme, parts.netloc) == ("", ""), address
        assert (site / unquote(parts.path)).is_file(), address


def test_no_style_sheet_loads_anything_from_elsewhere(site):
    sheets = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert sheets
    loaded = [address for sheet in sheets for address in IN_STYLES.findall(sheet)]
    assert [address for address in loaded if urlsplit(address).netloc] == []


def test_the_lessons_that_the_first_pages_open_are_there(site):
    for page, lang in (("index", "en"), ("index.zh-TW", "zh-TW")):
        assert LESSON.findall(written(site, page)) == [f"{lang}/0-start-here.ipynb"]
        assert (ROOT / "notebooks" / lang / "0-start-here.ipynb").is_file()


def test_what_is_published_is_the_documentation_with_the_lessons_in_it():
    steps = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text(encoding="utf-8"))["jobs"]["build"]
    runs = [step.get("run", "") for step in steps["steps"]]
    folder = next(step["with"]["path"] for step in steps["steps"] if "upload-pages-artifact" in step.get("uses", ""))
    assert runs[-3].endswith(f" --fail-on-warning --tag lessons -d build/doctrees docs {folder}")
    assert runs[-2] == f"python site/build.py --output {folder}/lessons"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_its_language(site, page):
    lang = "zh-TW" if page.endswith(".zh-TW") else "en"
    assert re.search(r'<html[^>]* lang="([^"]+)"', written(site, page))[1] == lang


def test_around_a_page_in_chinese_the_labels_are_chinese_too(site, browser):
    page = browser.new_page()
    for name in (it for it in PAGES if it.endswith(".zh-TW")):
        page.goto((site / f"{name}.html").as_uri())
        labels = page.evaluate(LABELS)
        assert len(labels) >= 8
        assert (name, [label for label in labels if not re.search("[\u4e00-\u9fff]", label)]) == (name, [])
    page.close()


def test_the_wings_are_drawn_as_they_are(site):
    drawn = (site / "_images" / "wings.svg").read_text(encoding="utf-8")
    wings = {path.parent.name for path in (ROOT / "bppviz").glob("*/__init__.py")}
    assert set(re.findall(r">(\w+)/</text>", drawn)) == wings


def test_the_films_are_small_and_can_be_stopped(site):
    for lang in ("en", "zh-TW"):
        assert 100_000 < (site / "_static" / f"walk-{lang}.mp4").stat().st_size < 1_000_000
    for page in ("gallery", "gallery.zh-TW"):
        assert re.search(r"<video controls [^>]*aria-label=", written(site, page))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wrong_with_a_page_of_each_kind_for_those_who_cannot_see_it(site, browser, theme):
    asked = []
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=theme)
    page.on("request", lambda request: asked.append(request.url))
    for name in OF_EACH_KIND:
        page.goto((site / f"{name}.html").as_uri())
        assert (name, wrong(page, "html")) == (name, [])
    page.close()
    assert {urlsplit(address).scheme for address in asked} <= {"file", "data"}
