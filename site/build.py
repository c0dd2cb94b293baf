"""Build the lessons as a site that needs nothing installed: JupyterLite, with Python in the browser (Pyodide).

    python -m pip install -r site/requirements.txt
    python site/build.py                    # fetch what is missing into build/site-files, then write build/site
    python site/build.py --fetch FOLDER     # only fetch what is missing in a folder
    python site/build.py --offline FOLDER   # build from what is there, and fetch nothing

The site holds all that it needs: whoever opens it asks no other server.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYODIDE, PYTHON = "0.29.3", "313"  # the pair that the kernel in wheels.txt is made for
ELSEWHERE = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"  # where JupyterLite has Pyodide from
LOCK = "pyodide-lock.json"
CORE = (LOCK, "pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
COMPILED = ("numpy",)  # what is made for Pyodide alone, and comes from where Pyodide comes from
KERNEL_WHEEL = "jupyterlite_pyodide_kernel"
EXTENSIONS = ("anywidget", "jupyterlab_widgets", KERNEL_WHEEL)  # whose wheels bring a part of the page
INSIDE = "pyodide-kernel-extension/static/pypi/"  # the kernel's own wheels, in its wheel
UNUSED = ("widgetsnbextension-3",)
# The kernel asks for SQLite when it starts, to keep a history of what was typed; here there is none, so none is kept.
STUB = "sqlite3-1.0.0-py3-none-any.whl"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"


# What the site is made of


def fetch(files: Path) -> None:
    """Fetch whatever of the wheels and of Pyodide is missing in a folder."""
    files.mkdir(parents=True, exist_ok=True)
    for name in CORE:
        fetch_file(files / name)
    packages = json.loads((files / LOCK).read_text(encoding="utf-8"))["packages"]
    for name in COMPILED:
        fetch_file(files / packages[name]["file_name"], packages[name]["sha256"])
    fetch_wheels(files)


def fetch_file(path: Path, sha256: str | None = None) -> None:
    """Fetch a file of Pyodide, unless it is there."""
    if path.exists():
        return
    with urllib.request.urlopen(ELSEWHERE + path.name, timeout=60) as answer:
        data = answer.read()
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise SystemExit(f"{path.name} is not what {LOCK} says.")
    path.write_bytes(data)


def fetch_wheels(files: Path) -> None:
    """Fetch the wheels that wheels.txt names."""
    only = ["--no-deps", "--only-binary=:all:", "--python-version", PYTHON]
    only += ["--implementation", "py", "--abi", "none", "--platform", "any"]
    run("pip", "download", "--quiet", *only, "--requirement", HERE / "wheels.txt", "--dest", ".", folder=files)


def found(files: Path, pattern: str) -> Path:
    """Return the file of such a name in a folder, or leave and say how to get it."""
    path = next(files.glob(pattern), None)
    if path is None:
        raise SystemExit(f"There is no {pattern} in {files}; python site/build.py --fetch {files} brings it there.")
    return path


def wanted(files: Path) -> list[Path]:
    """Return every wheel that the site is made of, but for our own."""
    lines = (HERE / "wheels.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split("==") for line in lines if "==" in line] + [(name, "*") for name in COMPILED]
    return [found(files, f"{name.replace('-', '_')}-{version}-*.whl") for name, version in pins]


def gather(wheels: list[Path], folder: Path) -> list[Path]:
    """Put every wheel that runs in the browser into a folder: these, those inside the kernel's, and ours."""
    for wheel in wheels:
        if wheel.name.startswith(KERNEL_WHEEL):
            unpack_inside(wheel, folder)
        else:
            shutil.copy(wheel, folder)
    write_stub(folder / STUB)
    run("hatchling", "build", "--target", "wheel", "--directory", folder, folder=ROOT)
    return sorted(folder.glob("*.whl"))


def unpack_inside(wheel: Path, folder: Path) -> None:
    """Take the wheels out of the kernel's wheel."""
    with ZipFile(wheel) as packed:
        for name in packed.namelist():
            last = name.rsplit("/", 1)[-1]
            if INSIDE in name and last.endswith(".whl") and not last.startswith(UNUSED):
                (folder / last).write_bytes(packed.read(name))


def write_stub(path: Path) -> None:
    """Write a wheel with nothing in it."""
    name, version = path.name.split("-")[:2]
    with ZipFile(path, "w") as stub:
        inside = f"{name}-{version}.dist-info/"
        stub.writestr(inside + "METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        stub.writestr(inside + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        stub.writestr(inside + "RECORD", "")


# What Pyodide is told of it


def canonical(name: str) -> str:
    """Return the name of a package as Pyodide looks it up."""
    return re.sub(r"[-_.]+", "-", name).lower()


def entry(wheel: Path) -> dict:
    """Return what Pyodide has to know of a wheel; what it depends on is there anyway, and all of it is loaded."""
    with ZipFile(wheel) as packed:
        names = packed.namelist()
        about = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(packed.read(about).decode())
    return {
        "name": canonical(metadata["Name"]),
        "version": metadata["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted({name.split("/")[0].removesuffix(".py") for name in names if name.endswith(".py")}),
        "depends": [],
        "unvendored_tests": False,
    }


def write_settings(path: Path, packages: list[str]) -> None:
    """Write the settings of the site: Pyodide is the one in it, and loads all packages at once while the page opens."""
    names = [name.replace("-", "_") for name in packages]  # as the kernel spells those that it would look for itself
    pyodide = {"pyodideUrl": "./static/pyodide/pyodide.js", "loadPyodideOptions": {"packages": names}}
    site = json.loads((HERE / "jupyter-lite.json").read_text(encoding="utf-8"))
    site["jupyter-config-data"]["litePluginSettings"] = {KERNEL: pyodide}
    path.write_text(json.dumps(site), encoding="utf-8")


# The site


def build(files: Path, output: Path) -> None:
    """Write the site, from the files in a folder, in place of an older one."""
    if output.exists() and not (output / "jupyter-lite.json").exists():
        raise SystemExit(f"{output} is there, and is no site; it stays. Give another --output.")
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        pyodide = stage / "pyodide"
        pyodide.mkdir()
        for name in CORE:
            shutil.copy(found(files, name), pyodide)
        wheels = wanted(files)
        entries = {it["name"]: it for it in map(entry, gather(wheels, pyodide))}
        lock = json.loads((pyodide / LOCK).read_text(encoding="utf-8"))
        (pyodide / LOCK).write_text(json.dumps({**lock, "packages": entries}), encoding="utf-8")
        write_settings(stage / "jupyter-lite.json", [*entries])
        lay_out(stage, [wheel for wheel in wheels if wheel.name.startswith(EXTENSIONS)], output)
        shutil.copytree(pyodide, output / "static" / "pyodide")


def copy_lessons(folder: Path) -> None:
    """Copy the lessons, for the kernel of the site: where a notebook names another one, the page asks which to take."""
    for path in sorted((ROOT / "notebooks").glob("*/[0-9]*.ipynb")):
        lesson = json.loads(path.read_text(encoding="utf-8"))
        lesson["metadata"]["kernelspec"] = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
        copy = folder / path.parent.name / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(json.dumps(lesson, ensure_ascii=False, indent=1), encoding="utf-8")


def lay_out(stage: Path, extensions: list[Path], output: Path) -> None:
    """Let JupyterLite write its pages, with these extensions and the lessons."""
    copy_lessons(stage / "lessons")
    shutil.rmtree(output, ignore_errors=True)
    options = ["--lite-dir", stage, "--contents", stage / "lessons", "--output-dir", output]
    options += ["--apps", "lab", "--no-sourcemaps", "--ignore-sys-prefix"]
    options += [f"--LiteBuildConfig.federated_extensions={path}" for path in extensions]
    run("jupyterlite_core", "build", *options, folder=stage)
    shutil.copy(output / "lab" / "favicon.ico", output)  # browsers ask for it there


def run(module: str, *arguments: str | Path, folder: Path) -> None:
    """Run a module of Python in a folder; where it fails, leave with what it said."""
    done = subprocess.run([sys.executable, "-m", module, *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--fetch", type=Path, metavar="FOLDER", help="only fetch what is missing in a folder")
    where.add_argument("--offline", type=Path, metavar="FOLDER", help="build from a folder, and fetch nothing")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "site", help="where the site is written")
    asked = parser.parse_args()
    files = asked.fetch or asked.offline or ROOT / "build" / "site-files"
    if not asked.offline:
        fetch(files)
    if not asked.fetch:
        build(files.resolve(), asked.output.resolve())


if __name__ == "__main__":
    main()
