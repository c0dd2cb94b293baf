"""A drawing in the formats that files have: SVG as it is, PNG and PDF by libraries of the extra `image`."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO, StringIO
from typing import NoReturn

from bppviz.paper.handed import is_browser
from bppviz.paper.letters import letter

TEXT = re.compile(r"<text [^>]*>([^<]*)</text>")
FEW = 32  # of a small PNG file: those of a theme, and what is between them at the edges of letters
SCALE = 2  # pixels of a PNG file for each unit of the picture, so that it is sharp on paper and on dense screens


def can_picture() -> bool:
    """Tell whether a small PNG file can be made."""
    return find_spec("PIL") is not None and find_spec("resvg_py") is not None


def small_png(drawing: str) -> bytes:
    """Return a drawing as a PNG file of few colours, which is small."""
    from PIL import Image
    from resvg_py import svg_to_bytes

    file = BytesIO()
    image = Image.open(BytesIO(bytes(svg_to_bytes(svg_string=drawing)))).convert("RGB")
    image.quantize(FEW, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _svg(drawing: str) -> bytes:
    return drawing.encode()


def _png(drawing: str) -> bytes:
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        _refuse("PNG", error)
    return bytes(svg_to_bytes(svg_string=drawing, zoom=SCALE))


def _pdf(drawing: str) -> bytes:
    try:
        from reportlab.graphics.renderPDF import drawToString
        from svglib.svglib import svg2rlg
    except ImportError as error:
        _refuse("PDF", error)
    strange = "".join(dict.fromkeys(c for text in TEXT.findall(drawing) for c in text if not letter(c, bold=False)))
    if strange:
        raise ValueError(f"PDF files cannot have these letters of your names: {strange[:40]}; save .svg or .png.")
    return bytes(drawToString(svg2rlg(StringIO(drawing))))


def _refuse(kind: str, error: ImportError) -> NoReturn:
    if is_browser():
        raise ImportError(f"{kind} files cannot be made where Python runs in a browser; save .svg.") from None
    raise ImportError(
        f'{kind} files need a library that is missing ({error.name}): pip install "bppviz[image]".'
    ) from None


WRITERS: dict[str, Callable[[str], bytes]] = {"svg": _svg, "png": _png, "pdf": _pdf}
