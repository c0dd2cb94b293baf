"""Pages that `save_html` writes, for the tests that open them in a browser."""

from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bppviz import save_html


def saved(trace, folder, **options) -> str:
    """Save a page as `save_html` does, in a folder, and return its address; what is the same again is made once."""
    path = folder / "walk.html"
    path.write_bytes(_page(trace, **options))
    return path.as_uri()


@lru_cache(maxsize=40)  # of 2.3 MB
def _page(trace, **options) -> bytes:
    with TemporaryDirectory() as folder:
        save_html(trace, Path(folder) / "walk.html", **options)
        return (Path(folder) / "walk.html").read_bytes()
