"""Make the messages that the package reads out of the catalogues that translators edit.

`messages/bppviz.pot` holds the English text of every message under its name (msgctxt); `messages/zh_TW.po` translates
it. Another language is another .po file made from the template, a line in `CATALOGUES` and one in
`bppviz.words.catalogue.LANGUAGES`. After an edit of any of them:

    python -m bppviz.words.compile

That needs polib, which comes with the tests; a test fails where it was forgotten.
"""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "messages"
CATALOGUES = {"en": "bppviz.pot", "zh-TW": "zh_TW.po"}


def compiled(lang: str) -> str:
    """Return the messages of a language by name, as JSON with a line for each; what is not translated is English."""
    import polib  # a tool of translators: the package is read without it

    entries = polib.pofile((FOLDER / CATALOGUES[lang]).read_text(encoding="utf-8"))
    messages = {entry.msgctxt: entry.msgstr or entry.msgid for entry in entries}
    return json.dumps(messages, ensure_ascii=False, indent=0) + "\n"


def compiled_file(lang: str) -> Path:
    """Return the file that the package reads for a language."""
    return FOLDER / f"{lang}.json"


if __name__ == "__main__":
    for language in CATALOGUES:
        compiled_file(language).write_text(compiled(language), encoding="utf-8", newline="\n")
