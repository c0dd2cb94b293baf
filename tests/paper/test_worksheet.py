"""Worksheets as files: blanks at what is asked for and nowhere an answer, keys, and what is refused at the door."""

import re

import pytest

import bppviz
from bppviz import worksheet
from bppviz.picture.blanks import BLANK_SIZES, OTHER_BLANKS, solved, with_blanks
from bppviz.practice.levels import NAMED_LEVELS
from bppviz.words.catalogue import LANGUAGES, catalogue
from bppviz.words.numbers import number

TEXT = re.compile(r"<[^>]*>")


def texts(drawn) -> list[str]:
    """Return every text of a picture, without its marks."""
    found = [text for series in drawn["data"] if series["mode"] == "text" for text in series["text"]]
    return [TEXT.sub("", text).strip() for text in found if text.strip()]


def blanks(drawn) -> int:
    """Return how many blanks a picture has: closed boxes that are drawn for a question mark."""
    boxes = [it for it in drawn["data"] if it["mode"] == "lines" and it.get("fill") == "toself" and "meta" not in it]
    widths = {wide for wide, _ in (OTHER_BLANKS, *BLANK_SIZES.values())}
    return sum(round(max(x) - min(x), 6) in widths for it in boxes for x in _pieces(it["x"]))


def _pieces(xs):
    piece = []
    for x in [*xs, None]:
        if x is None:
            if piece:
                yield piece
            piece = []
        else:
            piece.append(x)


ASKED = [("z", "a", "dl_dz", "dl_dw"), ("dl_dz", "dl_dw"), ("loss",), ("dl_db", "dsigma"), ("a", "dl_dw")]


@pytest.mark.parametrize("level", NAMED_LEVELS)
@pytest.mark.parametrize("ask", ASKED)
def test_the_picture_has_a_blank_for_each_question_and_no_answer(level, ask):
    for sheet in worksheet(5, 3, level=level, ask=ask, smallest=0.001).sheets:
        drawn = with_blanks(sheet.trace, sheet.known, sheet.questions, "en")
        shown = texts(drawn)
        assert blanks(drawn) == len(sheet.questions)
        assert "?" not in "".join(shown)
        told = [text for text in shown if text == "" or re.fullmatch(r"[−\d.×/]+", text)]
        known = [number(sheet.trace[step].value) for step in sheet.known]
        given = [number(value) for value in (*sheet.trace.x.tolist(), *sheet.trace.target.tolist())]
        assert set(told) <= {*known, *given, *(f"×{it}" for it in known)}


def test_what_comes_before_the_first_question_is_given_and_every_z_where_outputs_alone_are_asked_for():
    def known(ask):
        sheet = worksheet(1, ask=ask)[0]
        return [sheet.trace[step].quantity for step in sorted(sheet.known)]

    assert known(("z", "dl_dz")) == []
    assert known(("dl_dz",)) == ["z", "a", "z", "a", "z", "a", "loss", "dl_da", "dsigma"]
    assert known(("a", "dl_dw")) == ["z", "z", "z"]


@pytest.mark.parametrize("level", NAMED_LEVELS)
def test_the_picture_of_the_key_has_every_number(level):
    for sheet in worksheet(3, 3, level=level).sheets:
        drawn = solved(sheet.trace, "en")
        assert blanks(drawn) == 0
        shown = "\n".join(texts(drawn))
        assert all(number(event.value) in shown for event in sheet.trace if event.quantity != "dsigma")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheets_and_keys_are_in_one_language_and_begin_alike_however_many_there_are(lang, tmp_path):
    say = catalogue(lang)
    made = {}
    for n in (2, 5):
        sheets = worksheet(n, 4, level="sigmoid", lang=lang)
        sheets.save(tmp_path / "sheets.html")
        sheets.save_key(tmp_path / "key.html")
        made[n] = [(tmp_path / name).read_text(encoding="utf-8") for name in ("sheets.html", "key.html")]
    foreign = re.compile("[\u4e00-\u9fff]" if lang == "en" else r"[a-z]{4,}(?<!sigmoid)")
    for text, name in zip(made[5], ("title", "key"), strict=True):
        assert f"<h1>{say[f'worksheet.{name}']}</h1>" in text
        read = TEXT.sub(" ", re.sub("<(style|math|svg).*?</\\1>", "", text, flags=re.DOTALL))
        assert foreign.findall(read) == []
        assert "http" not in TEXT.sub("", text)
        assert text.count(f'aria-label="{say["stage.picture"]}"') == 5
    sheet = made[2][0]
    assert sheet[: sheet.index("</section>")] in made[5][0]


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("one.html", "two.html"):
        worksheet(3, 9, level="softmax").save(tmp_path / name)
    one, two = ((tmp_path / name).read_bytes() for name in ("one.html", "two.html"))
    assert one == two


def test_it_says_of_itself_what_it_is_and_has_its_sheets_in_order():
    sheets = worksheet(4)
    assert repr(sheets) == "Worksheet(4 × 2-2-1, 15 questions each)"
    assert [sheet.number for sheet in sheets.sheets] == [1, 2, 3, 4]
    assert sheets[3] is sheets.sheets[3]
    assert [row["sheet"] for row in sheets.to_dicts()] == [number for number in (1, 2, 3, 4) for _ in range(15)]


@pytest.mark.parametrize(
    ("options", "error", "why"),
    [
        ({"n": 0}, ValueError, "n is 0; give a whole number of 1 or more, such as 30"),
        ({"n": 2.5}, TypeError, "n is 2.5; give a whole number"),
        ({"n": 201}, ValueError, "n is 201; give at most 200, and another seed for more"),
        ({"seed": -1}, ValueError, "seed is -1; give a whole number of 0 or more"),
        ({"seed": None}, TypeError, "seed is None; give a whole number"),
        ({"level": "Sigmod"}, ValueError, "unknown level 'Sigmod'; .* Did you mean 'sigmoid'"),
        (
            {"sizes": "2-2-1"},
            TypeError,
            r"sizes is '2-2-1'; give 2 to 5 whole numbers from 1 to 5, such as \(2, 2, 1\)",
        ),
        ({"sizes": (2,)}, ValueError, "which a sheet has no room for; give 2 to 5 whole numbers"),
        ({"level": "sigmoid", "loss": "cross_entropy"}, ValueError, "a softmax of one output is always 1; give 2"),
        ({"sizes": (2, 6, 1)}, ValueError, "which a sheet has no room for"),
        ({"sizes": (4, 4, 2)}, ValueError, "42 numbers would be asked for, and a sheet has room for 36; take fewer"),
        ({"activation": "relo"}, ValueError, "unknown activation 'relo'; .* Did you mean 'relu'"),
        (
            {"activation": ["relu"]},
            ValueError,
            r"activation is \['relu'\]; give a name, or a list with one for each of 2",
        ),
        (
            {"activation": ["softmax", "softmax"], "sizes": (2, 2, 2)},
            ValueError,
            "softmax in layer 1 of 2, a hidden layer",
        ),
        ({"loss": "cross_entropi"}, ValueError, "unknown loss 'cross_entropi'; .* Did you mean 'cross_entropy'"),
        (
            {"activation": ["relu", "identity"], "loss": "cross_entropy"},
            ValueError,
            "cross_entropy takes the logarithm",
        ),
        ({"ask": ()}, TypeError, r"ask is \(\); give some of: z, a, loss"),
        ({"ask": ("z", "dl_dq")}, ValueError, "unknown quantity 'dl_dq'"),
        ({"level": "softmax", "ask": ("dL_dw",)}, ValueError, "unknown quantity 'dL_dw'; .* Did you mean 'dl_dw'"),
        ({"smallest": 0}, ValueError, "smallest is 0; give a finite number above 0, such as 0.01"),
        ({"smallest": 10**400}, ValueError, "smallest is inf; give a finite number above 0, such as 0.01"),
        ({"smallest": -(10**400)}, ValueError, "smallest is -inf; give a finite number above 0, such as 0.01"),
        ({"smallest": "0.1"}, TypeError, "smallest is '0.1'; give a number above 0"),
        ({"smallest": 50}, ValueError, "gradients come out smaller than smallest=50; give a smaller one"),
        ({"lang": "de"}, ValueError, "unknown language"),
    ],
)
def test_what_does_not_fit_is_said_at_the_door(options, error, why):
    with pytest.raises(error, match=why):
        worksheet(**{"n": 2, **options})


@pytest.mark.parametrize("save", ["save", "save_key"])
@pytest.mark.parametrize(
    ("path", "paper", "error", "why"),
    [
        ("sheets.pdf", "A4", ValueError, r"give a name that ends in .html, such as 'sheets.html', and print that"),
        ("no/such/sheets.html", "A4", OSError, "there is no folder"),
        ("", "A4", ValueError, "which no file can be called"),
        ("sheets.html", "A5", ValueError, "unknown paper 'A5'; choose one of: A4, Letter"),
        (3, "A4", TypeError, "path is of type int"),
    ],
)
def test_a_file_that_cannot_be_written_is_said_and_nothing_is_left(
    tmp_path, monkeypatch, save, path, paper, error, why
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=why):
        getattr(worksheet(1), save)(path, paper=paper)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("student", "error"), [(0, ValueError), (3, ValueError), ("1", TypeError), (None, TypeError)])
def test_an_unknown_student_is_refused(student, error):
    with pytest.raises(error, match=f"student is {student!r}"):
        worksheet(2).check(student, [])


def test_it_stands_at_the_top_of_the_package():
    assert isinstance(bppviz.worksheet(1), bppviz.Worksheet)


@pytest.mark.parametrize(
    ("loss", "formula"),
    [
        ("half_squared_error", r"l=\tfrac{1}{2}\sum"),
        ("squared_error", r"l=\sum"),
        ("mean_squared_error", r"l=\tfrac{1}{3}\sum"),
    ],
)
def test_a_sheet_says_the_factor_of_its_loss(loss, formula, tmp_path):
    worksheet(1, 3, sizes=(2, 2, 3), loss=loss).save(tmp_path / "sheet.html")
    assert f'alttext="{formula}' in (tmp_path / "sheet.html").read_text(encoding="utf-8")
