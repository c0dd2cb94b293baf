"""The page's modules, put together: each after those that it imports, in one scope."""

import gzip
import json
import re
from pathlib import Path

import pytest

import bppviz.page
from bppviz.page.assets import SHEETS, bundle, lean, packed_module, page_module, style_sheet

PAGE = Path(bppviz.page.__file__).parent
SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted(PAGE.glob("*.js"))}
ENTRIES = ("load.js", "stage.js", "table.js", "matrices.js", "code.js", "chart.js", "link.js")


def made_up(**modules):
    """Return what reads one of some made-up modules."""
    return {f"{name}.js": source for name, source in modules.items()}.__getitem__


def exported(name):
    """Return the names that a module exports."""
    return set(re.findall(r"^export (?:async )?(?:const|let|function|class) (\w+)", SOURCES[name], re.MULTILINE))


def imports(name):
    """Return what a module imports, as pairs of a module and a name."""
    found = re.findall(r'^import\s*\{([^}]*)\} from "\./([^"]+)"', SOURCES[name], re.MULTILINE)
    return {(module, it.strip()) for names, module in found for it in names.split(",") if it.strip()}


def test_a_module_stands_after_those_that_it_imports():
    modules = made_up(
        a='import { b } from "./b.js";\nimport { c } from "./c.js";\nexport default b + c;\n',
        b='import { c } from "./c.js";\nexport const b = c;\n',
        c="export const c = 1;\n",
    )
    assert bundle("a.js", modules) == "const c = 1;\nconst b = c;\nexport default b + c;\n"


def test_an_import_over_several_lines_is_one():
    modules = made_up(
        a='import {\n  b,\n  c,\n} from "./b.js";\nexport default b + c;\n',
        b="export const b = 1;\nexport async function c() {}\n",
    )
    assert bundle("a.js", modules) == "const b = 1;\nasync function c() {}\nexport default b + c;\n"


def test_modules_that_import_each_other_are_refused():
    modules = made_up(
        a='import { b } from "./b.js";\nexport const a = 1;\n', b='import { a } from "./a.js";\nexport const b = a;\n'
    )
    with pytest.raises(ValueError, match=r"a\.js"):
        bundle("a.js", modules)


@pytest.mark.parametrize("mine", ["const mine = b;", "const [its, mine] = [1, b];", "const { own: mine, its } = b;"])
def test_a_name_that_two_modules_define_is_refused(mine):
    modules = made_up(
        a=f'import {{ b }} from "./b.js";\n{mine}\n', b="function mine() {}\nexport const b = { own: mine };\n"
    )
    with pytest.raises(ValueError, match=r"mine: defined twice in b\.js, a\.js"):
        bundle("a.js", modules)


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_bundle_imports_nothing_and_exports_the_widget_alone(entry):
    assert re.findall(r"^(?:import|export)\b.*", bundle(entry), re.MULTILINE) == [
        line for line in SOURCES[entry].splitlines() if line.startswith("export default")
    ]


@pytest.mark.parametrize("name", SOURCES)
def test_every_import_is_an_export_of_another_module_and_used(name):
    for module, it in imports(name):
        assert it in exported(module), f"{name} imports {it} from {module}"
        assert len(re.findall(rf"\b{it}\b", SOURCES[name])) > 1


def test_every_export_is_imported_somewhere():
    wanted = {pair for name in SOURCES for pair in imports(name)}
    assert {(name, it) for name in SOURCES for it in exported(name)} - wanted == set()


def test_every_module_is_part_of_a_bundle():
    used = {module for name in SOURCES for module, _ in imports(name)}
    assert set(SOURCES) == used | set(ENTRIES)


def test_what_only_readers_need_is_left_out():
    source = "/** Two\n * lines. */\n/* More */\nconst two = /** @type {2} */ (it); // why\n\n// gone\n  f('a // b');\n"
    assert lean(source) == "const two = (it);\nf('a // b');\n"


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_comment_goes_to_a_page(entry):
    assert re.findall(r"//.*|/\*.*", page_module(entry)) == []


def test_a_module_is_packed_with_its_style_sheet():
    text = gzip.decompress(packed_module("stage.js", style_sheet())).decode()
    source, style = text.removesuffix(";\n").split("export const style = ")
    assert source == page_module("stage.js")
    assert json.loads(style) == lean(style_sheet())


def test_every_part_of_the_style_sheet_is_in_it_once():
    assert sorted(SHEETS) == sorted(path.name for path in PAGE.glob("*.css"))


def test_a_module_without_a_style_sheet_is_packed_alone():
    assert gzip.decompress(packed_module("chart.js")).decode() == page_module("chart.js")
