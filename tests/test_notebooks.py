"""The notebooks are stored without outputs and run from top to bottom in JupyterLab."""

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("**/*.ipynb"))


def cells(path):
    """Return the sources of a notebook's code cells."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_outputs_and_names_its_kernel(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"  # else JupyterLab would ask for one
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in code] == [([], None)] * len(code)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom_and_every_widget_is_painted(open_notebook, path):
    sources = cells(path)
    notebook = open_notebook(*sources, size=(1280, 6000)).run_all()
    for stage in range(sum("explain(" in source for source in sources)):
        notebook.painted(stage)
    notebook.idle()
    assert notebook.page.locator('[data-mime-type*="error"]').count() == 0
