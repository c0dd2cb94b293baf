"""A real JupyterLab for the browser tests: a server of its own, and a notebook in a page, driven as people do."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

LOOK = Path(__file__).with_name("look.js")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_A_BROWSER = (
    "The browser tests need Chromium or Chrome, and none was found. Install one (Debian: apt-get install chromium "
    "fonts-noto-cjk; anywhere: python -m playwright install chromium), or name the program in BPPVIZ_CHROMIUM."
)
# Nothing asks, and nothing is fetched from the internet.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "extensionmanager-extension/plugin": {"enabled": False},
}
# JupyterLab's icon changes whenever the kernel begins or ends something, and is fetched anew each time.
DISABLED = {"@jupyterlab/application-extension:faviconbusy": True, "@jupyter/nbgrader": True}
EXECUTE = """async (code) => {
  const future = jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code });
  let said = "";
  future.onIOPub = ({ content }) => (said += content.text ?? content.traceback?.join("\\n") ?? "");
  await future.done;
  return said.trim();
}"""
SEGMENTS = ("granularity", "view", "theme", "language", "spotlight")  # buttons side by side, of which one is pressed
STATE = ".bppviz-counter, .bppviz-tag, .bppviz-problem, .bppviz-lost"  # how it stands with a stage, and what is wrong
POPOVERS = {"granularity": "steps", "speed": "steps"} | dict.fromkeys(SEGMENTS[1:], "settings")  # by what is in them
LOCAL = ("127.0.0.1", "localhost")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def launched(chromium):
    """Return a browser: the one that BPPVIZ_CHROMIUM names, one on the PATH, or one that Playwright knows of."""
    from playwright.sync_api import Error

    named = os.environ.get("BPPVIZ_CHROMIUM")
    if named:
        return chromium.launch(executable_path=named, args=FLAGS)
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    for choice in ({"executable_path": found},) if found else ({}, {"channel": "chrome"}, {"channel": "msedge"}):
        try:
            return chromium.launch(args=FLAGS, **choice)
        except Error:
            if found:
                raise
    return None


class Lab:
    """A running `jupyter lab`, or another server, over a folder of its own."""

    def __init__(self, root: Path, port: int) -> None:
        self.root = root
        self.url = f"http://127.0.0.1:{port}"
        self._numbers = count(1)

    def write(self, cells: list[str] | Path) -> str:
        """Write a notebook with these cells, or a copy of one, and return its name, which no other notebook has had."""
        name = f"notebook-{next(self._numbers)}.ipynb"
        if isinstance(cells, Path):
            (self.root / name).write_bytes(cells.read_bytes())
            return name
        code = [
            {
                "cell_type": "code",
                "id": f"cell-{i}",
                "metadata": {},
                "source": cell,
                "outputs": [],
                "execution_count": None,
            }
            for i, cell in enumerate(cells)
        ]
        notebook = {"cells": code, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
        (self.root / name).write_text(json.dumps(notebook), encoding="utf-8")
        return name

    def ask(self, path: str, method: str = "GET"):
        """Return what the server's REST API answers."""
        request = urllib.request.Request(self.url + path, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def shut_down(self, name: str) -> None:
        """Shut down the kernel of a notebook, if it still has one."""
        for session in self.ask("/api/sessions"):
            if session["path"] == name:
                self.ask(f"/api/sessions/{session['id']}", "DELETE")


@contextmanager
def running_lab(folder: Path, module: str = "jupyterlab", app: str = "ServerApp"):
    """Start JupyterLab, or another server, without what is the user's: no settings, workspaces, profile of IPython.

    The `app` is the class that the server's command line configures.
    """
    root, settings = folder / "root", folder / "settings"
    root.mkdir()
    for name, values in SETTINGS.items():
        file = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    config = folder / "jupyter_config_dir" / "labconfig" / "page_config.json"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(json.dumps({"disabledExtensions": DISABLED}), encoding="utf-8")
    own = {
        name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    own |= {"JUPYTERLAB_SETTINGS_DIR": str(settings), "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces")}
    own |= {"IPYTHONDIR": str(folder / "ipython"), "JUPYTER_PLATFORM_DIRS": "1", "JUPYTER_PREFER_ENV_PATH": "1"}
    lab = Lab(root, free_port())
    options = {
        f"{app}.port": lab.url.rsplit(":", 1)[1],
        f"{app}.port_retries": "0",
        f"{app}.ip": "127.0.0.1",
        f"{app}.root_dir": str(root),
        "ServerApp.allow_root": "True",
        "ServerApp.disable_check_xsrf": "True",
        "ServerApp.password": "",
        "IdentityProvider.token": "",
        "LabApp.extension_manager": "readonly",
        "LabApp.expose_app_in_browser": "True",
    }
    command = [sys.executable, "-m", module, "--no-browser"]
    command += [f"--{name}={value}" for name, value in options.items()]
    log = folder / f"{module}.log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, **own}, cwd=root)
        try:
            _until_it_answers(lab, server, log)
            yield lab
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _until_it_answers(lab: Lab, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(lab.url, timeout=30).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(
        f"The server does not answer; it said:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}"
    )


class Notebook:
    """A notebook in a page of JupyterLab, and everything that went wrong in it."""

    # A workspace of its own, or a page that is reloaded would show what other pages have open too.
    address = "/lab/workspaces/{workspace}/tree/{name}?reset"

    def __init__(self, lab: Lab, page, cells: list[str] | Path) -> None:
        self.lab, self.page = lab, page
        self.name = lab.write(cells)
        self.problems: list[str] = []
        self.requests: list[str] = []
        self.received = 0
        self._own_time = False
        page.set_default_timeout(60_000)  # a busy machine is slow
        page.add_init_script(path=LOOK)
        page.on(
            "console",
            lambda said: said.type == "error" and self.problems.append(f"console: {said.text} {said.location}"),
        )
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error.stack}"))
        page.on("dialog", self._refuse)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", self._listen)
        page.goto(lab.url + self.address.format(name=self.name, workspace=Path(self.name).stem))
        self.arrive()

    def turn_to(self, cells: list[str] | Path, size: tuple[int, int]) -> None:
        """Show another notebook in this one's place, with a kernel of its own."""
        self.leave()
        self.enter(cells, size)

    def leave(self) -> None:
        """Close the notebook and shut down its kernel; the page stays."""
        self.page.evaluate("jupyterapp.shell.currentWidget.dispose()")
        self.lab.shut_down(self.name)

    def enter(self, cells: list[str] | Path, size: tuple[int, int]) -> None:
        """Show another notebook in the page that was left."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.name = self.lab.write(cells)
        self.page.evaluate(
            "async path => { await jupyterapp.commands.execute('docmanager:open', { path }); }", self.name
        )
        self.arrive()

    def forget(self) -> None:
        """Forget what the page has done up to now, and show the file browser again where it was hidden."""
        self.page.evaluate(
            "() => jupyterapp.shell.leftCollapsed && jupyterapp.commands.execute('application:toggle-left-area')"
        )
        self.problems.clear()
        self.requests.clear()
        self.received = 0

    def is_as_new(self) -> bool:
        """Tell whether the page can be used for other notebooks: a clock that was installed stays."""
        return not self._own_time

    def close(self) -> None:
        """Close the page and shut down the kernel."""
        self.page.close()
        self.lab.shut_down(self.name)

    def lose_kernel(self) -> None:
        """Shut down the kernel behind the page's back, and let JupyterLab notice.

        It looks every ten seconds, and by then may have found out by its websocket. Here it looks now.
        """
        self.idle()
        self.lab.shut_down(self.name)
        self.page.evaluate("jupyterapp.serviceManager.sessions.refreshRunning()")
        self.page.locator("#jp-main-statusbar").get_by_text("No Kernel").wait_for()

    def _refuse(self, dialog) -> None:
        if dialog.type == "beforeunload":  # JupyterLab asks whether to leave a notebook that is not saved
            return dialog.accept()
        self.problems.append(f"dialog: {dialog.message}")
        return dialog.dismiss()

    def _listen(self, socket) -> None:
        self.requests.append(socket.url)
        socket.on("framereceived", self._weigh)

    def _weigh(self, frame) -> None:
        self.received += len(frame)

    @property
    def abroad(self) -> list[str]:
        """Return every request that left the machine."""
        return [
            url
            for url in self.requests
            if urlsplit(url).scheme not in ("blob", "data") and urlsplit(url).hostname not in LOCAL
        ]

    # JupyterLab

    def arrive(self) -> None:
        """Wait until the notebook is there and its kernel is ready."""
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        self.idle()

    def idle(self) -> None:
        """Wait until the kernel has nothing to do."""
        self.page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=60_000)

    def menu(self, *path: str) -> None:
        """Choose an entry of JupyterLab's menus."""
        bar, *entries = path
        self.page.locator(".lm-MenuBar-item", has_text=bar).first.click()
        for entry in entries:
            item = self.page.locator(
                ".lm-Menu-item:not(.lm-mod-collapsed)", has=self.page.get_by_text(entry, exact=True)
            ).last
            item.wait_for()
            item.hover() if entry != entries[-1] else item.click()

    def cell(self, number: int):
        """Return a cell, counted from 0."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(number)

    def cells(self) -> int:
        """Return how many cells there are."""
        return self.page.locator(".jp-Notebook .jp-Cell").count()

    def run_all(self) -> Notebook:
        """Run all cells and wait for the first picture."""
        self.menu("Run", "Run All Cells")
        self.painted()
        return self

    def painted(self, stage: int = 0) -> None:
        """Wait until a stage has painted a step."""
        outputs = (
            self.page.locator(".bppviz-stage[data-step]:has(.bppviz-picture)")
            .nth(stage)
            .or_(self.page.locator('[data-mime-type*="stderr"]'))
        )
        outputs.first.wait_for(timeout=60_000)
        assert not self.page.locator('[data-mime-type*="stderr"]').count(), self.page.locator(
            ".jp-OutputArea"
        ).all_text_contents()

    def start(self, number: int, source: str | None = None) -> None:
        """Run a cell with Ctrl+Enter, with another source if one is given."""
        self.cell(number).locator(".cm-content").first.click()
        if source is not None:
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Control+Enter")

    def run(self, number: int, source: str | None = None) -> str:
        """Run a cell, wait for its end, and return the text that it put out."""
        before = self.prompt(number)
        self.start(number, source)
        self.page.wait_for_function(
            "([cell, before]) => !['[*]:', before].includes(cell.querySelector('.jp-InputPrompt').textContent)",
            arg=[self.cell(number).element_handle(), before],
        )
        return self.output(number)

    def python(self, code: str) -> str:
        """Run code in the notebook's kernel, but in no cell, which takes longer, and return what it prints."""
        return self.page.evaluate(EXECUTE, code)

    def prints(self, code: str, text: str) -> None:
        """Run code until it prints this text: what the page tells the kernel may still be on its way."""
        self.eventually(lambda: self.python(code) == text)

    def occupy(self, number: int) -> Path:
        """Keep the kernel busy with a cell, and return the file whose appearance sets it free."""
        go_on = self.lab.root / f"go-on-{Path(self.name).stem}"
        waits = f"while not pathlib.Path({go_on.name!r}).exists():\n    time.sleep(0.05)"
        self.start(number, f"import pathlib, time\n{waits}")
        self.page.locator("#jp-main-statusbar").get_by_text("| Busy").wait_for()
        return go_on

    def prompt(self, number: int) -> str:
        """Return the prompt of a cell, such as [3]:"""
        return self.cell(number).locator(".jp-InputPrompt").text_content()

    def output(self, number: int) -> str:
        """Return the text that a cell has put out."""
        return "\n".join(self.cell(number).locator(".jp-RenderedText").all_text_contents()).strip()

    # The widget

    def find(self, selector: str, stage: int = 0):
        """Return a part of a widget, such as ".bppviz-next"."""
        return self.page.locator(".bppviz").nth(stage).locator(selector).first

    def look(self, step: int | None = None, stage: int = 0) -> dict:
        """Return everything that a stage shows, once it shows this step (and lags nowhere)."""
        return self.page.evaluate("([stage, step]) => bppvizLook(stage, step)", [stage, step])

    def count_pictures(self, stage: int = 0) -> None:
        """Count from now on how often a stage shows other numbers."""
        self.page.evaluate("stage => bppvizCountPictures(stage)", stage)

    @property
    def pictures(self) -> int:
        """Return how often a stage has shown other numbers since they are counted."""
        return self.page.evaluate("globalThis.bppvizPictures")

    def until(self, step: int, stage: int = 0) -> None:
        """Wait until a stage shows this step."""
        self.page.locator(".bppviz-stage").nth(stage).and_(self.page.locator(f'[data-step="{step}"]')).wait_for()

    def step(self, stage: int = 0) -> int:
        """Return the step that a stage shows."""
        return int(self.page.locator(".bppviz-stage").nth(stage).get_attribute("data-step"))

    def focus(self, stage: int = 0) -> None:
        """Put the focus on a stage, as clicking beside its picture does."""
        self.page.locator(".bppviz-stage").nth(stage).focus()

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def point(self, x: float, y: float, stage: int = 0) -> tuple[float, float]:
        """Return where in the page a point of a picture is, once nothing moves."""
        where, before = [stage, x, y], None
        while (at := self.page.evaluate("where => bppvizPoint(...where)", where)) != before and not self._own_time:
            before = at
            self.settled()
        return tuple(at)

    def click_at(self, x: float, y: float, stage: int = 0) -> None:
        """Click with the mouse on a point of a picture."""
        self.page.mouse.move(*self.point(x, y, stage))
        self.page.mouse.click(*self.point(x, y, stage))

    def choose(self, control: str, label: str, stage: int = 0) -> None:
        """Choose an option of a control, by what it says; a popover that had to be opened for it is closed again."""
        pop = POPOVERS.get(control)
        opener = self.find(f"button.bppviz-show-{pop}", stage) if pop else None
        was_open = not opener or opener.get_attribute("aria-expanded") == "true"
        if not was_open:
            opener.click()
        if control in SEGMENTS:
            self.find(f".bppviz-{control}", stage).get_by_role("button", name=label, exact=True).click()
        else:
            self.find(f".bppviz-{control} select", stage).select_option(label=label)
        if not was_open:
            opener.click()

    def chosen(self, control: str, stage: int = 0) -> str:
        """Return what a control says that is chosen."""
        if control in SEGMENTS:
            return self.find(f".bppviz-{control} button[aria-pressed=true]", stage).text_content()
        return self.find(f".bppviz-{control} select", stage).evaluate("it => it.selectedOptions[0].text")

    def open(self, panel: str, stage: int = 0) -> None:
        """Open a panel by its tab, unless it is open."""
        tab = self.find(f"button.bppviz-show-{panel}", stage)
        if tab.get_attribute("aria-expanded") != "true":
            tab.click()
        self.find(f".bppviz-panel-{panel}:not(:empty)", stage).wait_for()

    def settled(self) -> None:
        """Wait until the page has had time to paint what was asked for."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def says(self, part, text: str) -> None:
        """Wait until a part of the widget says this."""
        self.eventually(lambda: part.text_content() == text)

    def at(self, place: int, of: int) -> None:
        """Wait until the counter shows this stop, counted from 1."""
        self.eventually(lambda: self.counted() == (place, of))

    def eventually(self, condition, seconds: float = 60) -> None:
        """Wait until a condition holds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited {seconds} s in vain; in the page: {self.told()}"
            self.settled()

    def told(self) -> list[str]:
        """Return what each stage says of how it stands with it."""
        return self.page.locator(STATE).all_inner_texts()

    # Time, which stands still between `stop_time` and `resume_time` but for what is let pass

    def stop_time(self) -> None:
        """Let the page's time stand still."""
        if not self._own_time:
            self.page.clock.install()
        self._own_time = True
        self.page.clock.pause_at((self.page.evaluate("Date.now()") + 1000) / 1000)

    def pass_time(self, seconds: float) -> None:
        """Let time pass in the page, and with it whatever plays."""
        for _ in range(round(10 * seconds)):
            self.page.clock.run_for(100)

    def resume_time(self) -> None:
        """Let the page's time go on by itself."""
        self.page.clock.resume()

    def counted(self, stage: int = 0) -> tuple[int, int]:
        """Return which stop the counter shows, from 1, and of how many."""
        place, of = re.findall(r"\d+", self.find(".bppviz-counter", stage).text_content())[:2]
        return int(place), int(of)
