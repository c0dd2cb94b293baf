"""A drawing in the formats that files have: SVG as it is, PNG and PDF by libraries of the extra `image`."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

SCALE = 2  # pixels of a PNG file for each unit of the picture, so that it is sharp on paper and on dense screens


def _svg(drawing: str) -> bytes:
    return drawing.encode()


def _png(drawing: str) -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise _missing("PNG", error) from None
    return bytes(svg_to_bytes(svg_string=drawing, zoom=SCALE))


def _pdf(drawing: str) -> bytes:
    try:
        from reportlab.graphics.renderPDF import drawToString
        from svglib.svglib import svg2rlg
    except ImportError as error:
        raise _missing("PDF", error) from None
    return bytes(drawToString(svg2rlg(StringIO(drawing))))


def _missing(kind: str, error: ImportError) -> ImportError:
    return ImportError(f'{kind} files need a library that is missing ({error.name}): pip install "bppviz[image]".')


WRITERS: dict[str, Callable[[str], bytes]] = {"svg": _svg, "png": _png, "pdf": _pdf}
