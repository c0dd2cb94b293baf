"""`python -m bppviz`, as it is typed: what it writes, what it says, and one sentence for what does not fit."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from networks import lecture, lecture_of_two

import bppviz
from bppviz import Network, backprop, example, save_html, save_listing, save_sheet, worksheet
from bppviz.core.walk import GRANULARITIES, walk
from bppviz.page.arguments import PROG
from bppviz.page.command import COMMANDS, main
from bppviz.practice.levels import NAMED_LEVELS
from bppviz.words.catalogue import LANGUAGES, catalogue

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and named pipes as Unix has them")
NETWORK = Network([[[1, -2]]], [[0.5]], "tanh", "half_squared_error")
SAMPLE = ["--x", "1,-1", "--target", "0"]


@pytest.fixture(autouse=True)
def at_home(monkeypatch, tmp_path):
    """Stand in an empty folder, in front of a terminal of 80 columns, in English."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def typed(*arguments, **more):
    """Run the command as a process of its own."""
    command = [sys.executable, "-m", "bppviz", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, **more)


def started(*arguments):
    """Start the command, and read what it says later."""
    return subprocess.Popen(
        [sys.executable, "-m", "bppviz", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


def written(name, data, encoding="utf-8"):
    """Write a file, a text as it is and anything else as JSON, and return its name."""
    Path(name).write_text(data if isinstance(data, str) else json.dumps(data), encoding=encoding)
    return name


def files():
    return sorted(path.name for path in Path().rglob("*"))


def same_page(trace, *steps, save=save_html, **options):
    """Tell whether what was written is what a function saves of a trace."""
    save(trace, "same.html", *steps, **options)
    return same_files("walk.html", "same.html")


def same_files(one, other):
    """Tell whether two files hold the same."""
    return Path(one).read_bytes() == Path(other).read_bytes()


# What it writes


def test_a_page_is_written_and_one_line_says_so():
    done = typed("page", "walk.html")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"Wrote walk\.html \(2\.\d MB\): open it in a browser\.\n", done.stdout)
    assert files() == ["walk.html"]
    assert same_page(lecture())


@pytest.mark.parametrize(
    ("arguments", "trace", "options"),
    [
        (["Mazur"], example("mazur").trace, {}),
        (["--x", "-1,2"], backprop(Network.lecture(), [-1, 2], [1, 0]), {}),
        (["--x", "−1 .5", "--target=0，1"], backprop(Network.lecture(), [-1, 0.5], [0, 1]), {}),
        (["--x", "1,-1; 0,0", "--target", "1,0；0,1", "--learning-rate", "0.5"], lecture_of_two(), {}),
        (["mazur", "--learning-rate", "1e-1"], (example("mazur"), 0.1), {}),
        (["--step", "22"], lecture(), {"step": 21}),
        (["--lang", "zh-TW", "--theme", "projector", "--view", "mirror"], lecture(), None),
    ],
)
def test_what_is_typed_is_what_save_html_is_given(arguments, trace, options):
    if isinstance(trace, tuple):
        it, rate = trace
        trace = backprop(it.network, it.x, it.target, rate, it.update_biases)
    options = {"lang": "zh-TW", "theme": "projector", "view": "mirror"} if options is None else options
    assert main(["page", "walk.html", *arguments]) == 0
    assert same_page(trace, **options)


def test_a_step_is_counted_as_the_page_counts_in_a_walk_by_layer_too():
    network = Network.random([20, 20, 3])
    written("net.json", network.to_dict())
    x, target = [0.5] * 20, [1, 0, 0]
    asked = ["--x", ",".join(map(str, x)), "--target", "1,0,0", "--step", "3"]
    assert main(["page", "walk.html", "net.json", *asked]) == 0
    trace = backprop(network, x, target)
    assert same_page(trace, step=walk(trace, "layer")[2].last)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_network_is_read_from_a_file(encoding):
    written("net.JSON", NETWORK.to_dict(), encoding)
    assert main(["page", "walk.html", "net.JSON", *SAMPLE]) == 0
    assert same_page(backprop(NETWORK, [1, -1], [0]))


def test_a_file_may_have_the_samples_too_and_what_is_typed_goes_first():
    written("net.json", {"network": NETWORK.to_dict(), "x": [[1, 2], [3, 4]], "target": [[0], [1]], "learning_rate": 2})
    assert main(["page", "walk.html", "net.json"]) == 0
    assert same_page(backprop(NETWORK, [[1, 2], [3, 4]], [[0], [1]], 2))
    assert main(["page", "walk.html", "net.json", *SAMPLE, "--learning-rate", "3"]) == 0
    assert same_page(backprop(NETWORK, [1, -1], [0], 3))


def test_every_step_is_written_on_paper(capsys):
    assert main(["sheet", "walk.html"]) == 0
    said = capsys.readouterr().out
    assert re.fullmatch(r"Wrote walk\.html \(1\.\d MB\): open it in a browser and print it\.\n", said)
    assert same_page(lecture(), save=save_sheet)


@pytest.mark.parametrize(
    ("arguments", "steps", "options"),
    [
        (["--steps", "backward"], ["backward"], {}),
        (["--steps", "z", "3-5", "49"], ["z", 2, 3, 4, 48], {}),
        (["--steps", "5-3"], [2, 3, 4], {}),
        (["--by", "layer", "--steps", "2"], [7], {"granularity": "layer"}),
        (["--steps", "loss", "--per-page", "1", "--paper", "letter"], ["loss"], {"per_page": 1, "paper": "Letter"}),
        (["--steps", "loss", "--lang", "zh-TW", "--view", "mirror"], ["loss"], {"lang": "zh-TW", "view": "mirror"}),
    ],
)
def test_what_is_typed_is_what_save_sheet_is_given(arguments, steps, options):
    assert main(["sheet", "walk.html", *arguments]) == 0
    assert same_page(lecture(), steps, save=save_sheet, **options)


@pytest.mark.parametrize(
    ("arguments", "trace", "options"),
    [
        (["run.py"], lecture(), {}),
        (["run.py", "--no-checks", "--framework", "torch"], lecture(), {"checks": False, "framework": "torch"}),
        (["run.ipynb", "mazur", "--lang", "zh-TW"], example("mazur").trace, {"lang": "zh-TW"}),
    ],
)
def test_what_is_typed_is_what_save_listing_is_given(arguments, trace, options, capsys):
    assert main(["listing", *arguments]) == 0
    said = r"Wrote run\.py \(\d\.\d+ kB\): run it with Python\.\n"
    said = said if arguments[0] == "run.py" else r"已寫入 run\.ipynb（\d\.\d+ kB），請用 Jupyter 開啟。\n"
    assert re.fullmatch(said, capsys.readouterr().out)
    same = f"same{Path(arguments[0]).suffix}"
    save_listing(trace, same, **options)
    assert same_files(arguments[0], same)


def test_a_program_is_written_with_a_file_of_its_numbers_where_they_are_too_many(capsys):
    written("net.json", {"network": Network.random([999, 1]).to_dict(), "x": [0.5] * 999, "target": [1]})
    assert main(["listing", "run.py", "net.json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" (")[0] for line in lines] == ["Wrote run.py.npz", "Wrote run.py"]


def test_worksheets_are_written_with_their_key_and_their_answers_as_data():
    done = typed("worksheet", "sheets.html", "--key", "key.html", "--data", "answers.json", "-n", "2")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [
        r"Wrote sheets\.html \(\d+ kB\): open it in a browser and print it\.",
        r"Wrote key\.html \(\d+ kB\): open it in a browser and print it\.",
        r"Wrote answers\.json \(\d+ kB\)\.",
    ]
    assert re.fullmatch("\n".join([*lines, ""]), done.stdout)
    assert files() == ["answers.json", "key.html", "sheets.html"]
    sheets = worksheet(2)
    sheets.save("same.html")
    sheets.save_key("same-key.html")
    assert same_files("sheets.html", "same.html")
    assert same_files("key.html", "same-key.html")
    assert json.loads(Path("answers.json").read_text(encoding="utf-8")) == sheets.to_dicts()


@pytest.mark.parametrize(
    ("arguments", "options", "paper"),
    [
        (["--seed", "3", "--level", "Sigmoid", "--paper", "Letter"], {"seed": 3, "level": "sigmoid"}, "Letter"),
        (["--sizes", "2,3,1", "--ask", "dl_dz", "dl_dw"], {"sizes": [2, 3, 1], "ask": ["dl_dz", "dl_dw"]}, "A4"),
        (
            ["--sizes", "2-2-2", "--activation", "leaky_relu(0.5)"],
            {"sizes": [2, 2, 2], "activation": "leaky_relu(0.5)"},
            "A4",
        ),
        (["--loss", "cross_entropy", "--sizes", "2,2,2"], {"loss": "cross_entropy", "sizes": [2, 2, 2]}, "A4"),
        (["--smallest", "0.1", "--lang", "zh-TW"], {"smallest": 0.1, "lang": "zh-TW"}, "A4"),
    ],
)
def test_what_is_typed_is_what_worksheet_is_given(arguments, options, paper):
    assert main(["worksheet", "sheets.html", "-n", "1", *arguments]) == 0
    worksheet(1, **options).save("same.html", paper=paper)
    assert same_files("sheets.html", "same.html")


# What it says


def helped(capsys, *arguments):
    """Return the help of the command, or of one of its subcommands."""
    assert main([*arguments]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return said.out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_is_in_the_language_that_is_asked_for_and_fits_a_terminal(lang, capsys):
    say = catalogue(lang)
    for name in ("about", *COMMANDS):
        text = helped(capsys, *([] if name == "about" else [name]), "--lang", lang, "--help")
        assert say[f"command.{name}"] in text
        assert text.startswith(f"{say['command.usage']}{PROG} ")
        widths = [sum(2 if east_asian_width(c) in "WF" else 1 for c in line) for line in text.splitlines()]
        assert max(widths) <= 80


@pytest.mark.parametrize(
    ("variable", "value", "lang"),
    [
        ("LANG", "zh_TW.UTF-8", "zh-TW"),
        ("LC_ALL", "zh_TW.Big5", "zh-TW"),
        ("LANG", "en_GB", "en"),
        ("LANG", "de_DE.UTF-8", "en"),
    ],
)
def test_help_is_in_the_language_of_the_system(variable, value, lang, monkeypatch, capsys):
    monkeypatch.setenv(variable, value)
    assert catalogue(lang)["command.help"] in helped(capsys, "page", "-h")
    assert catalogue("en")["command.help"] in helped(capsys, "page", "-h", "--lang", "en")


def test_without_arguments_it_says_what_can_be_typed(capsys):
    assert helped(capsys) == helped(capsys, "--help")
    assert helped(capsys, "--lang", "zh-TW") == helped(capsys, "--lang", "zh-TW", "-h")
    assert all(f"    {name} " in helped(capsys) for name in COMMANDS)


def test_every_option_is_explained(capsys):
    for name in COMMANDS:
        lines = helped(capsys, name, "-h").splitlines()
        for at, line in enumerate(lines):
            if re.match(r"  (-|[A-Z])", line):
                after = re.split(r"\s{2,}", line.strip())[1:]
                assert after or lines[at + 1].startswith(" " * 20), line


def test_everything_that_the_catalogue_has_for_the_help_is_said(capsys):
    said = "".join(" ".join(helped(capsys, *name, "-h").split()) for name in ((), *((name,) for name in COMMANDS)))
    texts = {name: text for name, text in catalogue("en").items() if name.startswith("command.")}
    untold = {name for name, text in texts.items() if not all(part.strip() in said for part in text.split("{names}"))}
    assert untold == {name for name in texts if name.startswith("command.wrote_")}


def test_the_examples_of_the_help_work(capsys):
    written("net.json", NETWORK.to_dict())
    lines = chain.from_iterable(helped(capsys, name, "-h").splitlines() for name in COMMANDS)
    examples = [line.strip() for line in lines if line.startswith(f"  {PROG}")]
    assert len(examples) > len(COMMANDS)
    for line in examples:
        assert main(shlex.split(line.removeprefix(f"{PROG} "))) == 0, capsys.readouterr().err


def test_the_version_is_said():
    done = typed("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"bppviz {bppviz.__version__}\n", "")


def test_a_language_before_the_subcommand_counts_too(capsys):
    assert main(["--lang", "zh_tw", "page", "walk.html"]) == 0
    assert re.fullmatch(r"已寫入 walk\.html（2\.\d MB），請用瀏覽器開啟。\n", capsys.readouterr().out)
    assert same_page(lecture(), lang="zh-TW")


def test_a_terminal_that_cannot_write_chinese_gets_something():
    done = typed("--lang", "zh-TW", "page", "-h", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "--learning-rate RATE" in done.stdout


# What it refuses


def refused(capsys, *arguments):
    """Return the sentence with which something is refused; nothing is written then, and nothing else said."""
    before = files()
    assert main([*arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, files()) == ("", before)
    sentence = re.fullmatch(r"bppviz: ([^\n]+\.|[^\n]+\?)\n", said.err)
    assert sentence, said.err
    return sentence[1]


HTML = "and the pages are written as HTML; give a name that ends in .html, such as"
PRINT = "and print that from a browser, which can save it as a PDF"
NAMES = "neuron, regression, lecture, mazur, cs231n, iris, FILE.json"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("page", "the following arguments are required: PATH; see python -m bppviz page --help."),
        ("page w.html --color x", "unrecognized arguments: --color x; see python -m bppviz --help."),
        ("page w.html --step x", "argument --step: 'x' is not a whole number; see python -m bppviz page --help."),
        ("page w.html --step 0", "there is no step 0; the steps of this walk are 1 to 49."),
        ("page w.html --step 50", "there is no step 50; the steps of this walk are 1 to 49."),
        ("page w.html --step -1", "there is no step -1; the steps of this walk are 1 to 49."),
        ("page w.html lectur", f"unknown network 'lectur'; choose one of: {NAMES}. Did you mean 'lecture'?"),
        ("page w.html net.txt", f"unknown network 'net.txt'; choose one of: {NAMES}."),
        ("page w.html --x 1,a", "--x: 'a' is not a number; write it as 0.25, −3 or 1.5e-4."),
        ("page w.html --target ''", "--target: nothing was typed; give a number, such as 0.25."),
        ("page w.html --x 1", "x has shape (1,), but this network (2-2-2-2) has 2 inputs: give 2 numbers, shape (2,)."),
        ("page w.html --x '1,2;3'", "x has rows of different lengths; give every row the same number of entries."),
        ("page w.html --learning-rate 1,2", "--learning-rate: '1,2' is 2 numbers; give one, such as 0.25."),
        ("page w.html --learning-rate 0", "learning_rate is 0; give a finite number above 0, such as 0.1."),
        ("page w.html --lang fr", "unknown language 'fr'; choose one of: en, zh-TW."),
        ("page w.html --view x", "unknown view 'x'; choose one of: network, mirror."),
        ("page w.html --theme x", "unknown theme 'x'; choose one of: auto, light, dark, projector."),
        ("page mazur", f"path is 'mazur', {HTML} 'mazur.html', {PRINT}."),
        (
            "listing w.txt",
            "path is 'w.txt'; give a name that ends in .py, such as 'w.py', or in .ipynb for a notebook.",
        ),
        ("listing w.py --framework jax", "unknown framework 'jax'; choose one of: numpy, torch."),
        ("sheet w.pdf", f"path is 'w.pdf', {HTML} 'w.html', {PRINT}."),
        ("page ''", "path is '', which no file can be called; give a name such as 'walk.html'."),
        ("sheet w.html --steps 50", "there is no step 50; the steps of this walk are 1 to 49."),
        ("sheet w.html --by layer --steps 2-20", "there is no step 20; the steps of this walk are 1 to 10."),
        ("sheet w.html --per-page 5", "per_page is 5; give one of: 1, 2, 3, 4, 6."),
        ("sheet w.html --paper A5", "unknown paper 'A5'; choose one of: A4, Letter."),
        ("sheet w.html --by step", f"unknown granularity 'step'; choose one of: {', '.join(GRANULARITIES)}."),
        ("worksheet w.html -n 0", "n is 0; give a whole number of 1 or more, such as 30."),
        ("worksheet w.html --sizes 2,a", "--sizes: '2,a' is not a list of whole numbers; write it as 2,2,1."),
        ("worksheet w.html --smallest x", "--smallest: 'x' is not a number; write it as 0.25, −3 or 1.5e-4."),
        ("worksheet w.html --level high", f"unknown level 'high'; choose one of: {', '.join(NAMED_LEVELS)}."),
        ("worksheet w.html --key ./w.html", "the sheets and their key are both 'w.html'; give the key another name."),
        ("worksheet w.html --data d.csv", "path is 'd.csv'; give a name that ends in .json, such as 'answers.json'."),
        ("worksheet w.html --key k.html --paper A5", "unknown paper 'A5'; choose one of: A4, Letter."),
        ("page w.html no.json", "there is no file 'no.json'; give another name."),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(arguments, message, capsys):
    assert refused(capsys, *shlex.split(arguments)) == message


def test_what_is_no_subcommand_is_refused_with_those_that_there_are(capsys):
    assert re.match(r"argument COMMAND: invalid choice: 'pgae' \(choose from '?page", refused(capsys, "pgae", "w.html"))


def test_a_path_that_cannot_be_written_is_refused(capsys):
    Path("folder.html").mkdir()
    assert refused(capsys, "page", "no/w.html").startswith("path is 'no/w.html', but there is no folder ")
    assert refused(capsys, "page", "folder.html") == (
        "path is 'folder.html', which is a folder; give the name of a file in it."
    )
    for name in ("--key", "--data"):
        path = "no/k.html" if name == "--key" else "no/k.json"
        assert refused(capsys, "worksheet", "w.html", name, path).startswith(
            f"path is '{path}', but there is no folder "
        )


def test_numbers_that_grow_too_large_are_refused(capsys):
    written("net.json", Network([[[1e300]]], [[0]], "identity", "half_squared_error").to_dict())
    message = (
        "z of layer 1 is larger than a float can hold. The weights or inputs are too large: divide them by a power"
    )
    assert refused(capsys, "page", "w.html", "net.json", "--x", "1e300", "--target", "0").startswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "net.json is not JSON: Expecting value, line 1, column 1."),
        (
            '{\n  "format": "bppviz network"\n  "version"',
            "net.json is not JSON: Expecting ',' delimiter, line 3, column 3.",
        ),
        ("[1, 2]", "net.json: data is [1, 2]; give a dict that network.to_dict() returned."),
        ("{}", "net.json: data has no 'format'; give a dict that network.to_dict() returned."),
        ('{"network": {}}', "net.json: data has no 'format'; give a dict that network.to_dict() returned."),
        ("[" * 100_000, "net.json holds something too long to be read; give what network.to_dict() returned."),
        ("1" * 100_000, "net.json holds something too long to be read; give what network.to_dict() returned."),
    ],
)
def test_a_file_that_holds_no_network_is_refused(text, message, capsys):
    assert refused(capsys, "page", "w.html", written("net.json", text), *SAMPLE) == message


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"version": 2},
            "net.json: data was written by a newer bppviz, in version 2 of its format, and this one reads",
        ),
        ({"weights": [[[1, 2], [3]]]}, "net.json: weights[0] has rows of different lengths;"),
        ({"weights": [[[1, float("nan")]]]}, "net.json: weights[0] holds nan; every number must be finite."),
        ({"loss": "mse"}, "net.json: unknown loss 'mse'; choose one of: "),
        ({"names": []}, "net.json: unknown key 'names'; choose one of: "),
    ],
)
def test_a_network_that_does_not_fit_is_refused_with_its_file(changed, message, capsys):
    name = written("net.json", {**NETWORK.to_dict(), **changed})
    assert refused(capsys, "page", "w.html", name, *SAMPLE).startswith(message)


def test_a_file_without_samples_asks_for_those_that_are_missing(capsys):
    name, message = written("net.json", NETWORK.to_dict()), "net.json has no sample in it; give"
    both = "--x and --target too, such as --x 1,-1 --target 1."
    assert refused(capsys, "page", "w.html", name) == f"{message} {both}"
    assert refused(capsys, "page", "w.html", name, "--x", "1,2") == f"{message} --target too, such as --target 1."
    wide = written("net.json", Network.random([784, 1]).to_dict())
    assert refused(capsys, "page", "w.html", wide) == f"{message} --x and --target."


def test_a_file_with_an_unknown_key_is_refused(capsys):
    name = written("net.json", {"network": NETWORK.to_dict(), "y": [1]})
    keys = "network, x, target, learning_rate"
    assert refused(capsys, "page", "w.html", name) == f"net.json: unknown key 'y'; choose one of: {keys}."


FOLDER = (
    "folder.json is a folder; give a file in it.",
    "folder.json cannot be read (Permission denied); give another file.",  # as Windows says
)


def test_a_file_in_another_encoding_or_none_at_all_is_refused(capsys):
    data = json.dumps({**NETWORK.to_dict(), "input_names": ["身高", "體重"]}, ensure_ascii=False)
    message = "net.json is not written in UTF-8; save it so, or write it anew with json.dump."
    assert refused(capsys, "page", "w.html", written("net.json", data, "big5"), *SAMPLE) == message
    Path("folder.json").mkdir()
    assert refused(capsys, "page", "w.html", "folder.json") in FOLDER


def test_what_was_there_stays_where_something_is_refused(capsys):
    written("w.html", "kept")
    refused(capsys, "page", "w.html", "--theme", "x")
    assert Path("w.html").read_text(encoding="utf-8") == "kept"


def test_a_refusal_shows_no_traceback():
    done = typed("page", "w.html", "no.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "bppviz: there is no file 'no.json'; give another name.\n"


@POSIX
def test_ctrl_c_ends_it_without_a_word():
    os.mkfifo("net.json")
    command = started("page", "w.html", "net.json", *SAMPLE)
    with open("net.json", "wb"):  # this waits until the command opens it
        time.sleep(0.5)  # until it reads: a signal between opening and reading would be noticed after reading alone
        command.send_signal(signal.SIGINT)
        out, err = command.communicate(timeout=60)
    assert (command.returncode, out, err) == (130, "", "")
    assert files() == ["net.json"]


@POSIX
def test_nothing_is_said_where_nobody_reads_on():
    command = started("--help")
    command.stdout.close()
    assert command.wait(timeout=60) == 1
    assert command.stderr.read() == ""
    command.stderr.close()
