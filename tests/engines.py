"""Browsers that are not Chromium, for what has to work in each: Firefox, and WebKit, which is the engine of Safari.

Both are Debian's own. Puppeteer drives Firefox over WebDriver BiDi, in `firefox.mjs`; Selenium drives WebKit.
"""

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from unittest.mock import patch

from lab import LOOK
from pages import missing

BRIDGE = Path(__file__).with_name("firefox.mjs")
MODULES = BRIDGE.parent.parent / "node_modules"
MINI_BROWSERS = ("/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/lib/*/webkit2gtk-4.0/MiniBrowser")
SECONDS = 60  # a busy machine is slow
# Selenium gives a function the way to answer as its last argument.
ANSWERED = """const answer = arguments[0];
const about = (error) => answer({ error: String(error) + "\\n" + error.stack });
(async () => ({ value: (await (%s)) ?? null }))().then(answer, about);"""
LISTEN = """globalThis.bppvizProblems = [];
addEventListener("error", ({ message }) => bppvizProblems.push(message));
addEventListener("unhandledrejection", ({ reason }) => bppvizProblems.push(String(reason)));"""


class Engine:
    """A page in a browser; each kind can `open` an address, `evaluate` JavaScript, `press` a key and `drag`."""

    def eventually(self, expression: str) -> None:
        """Wait until an expression of JavaScript is true."""
        deadline = monotonic() + SECONDS
        while not self.evaluate(expression):
            assert monotonic() < deadline, f"waited {SECONDS} s in vain for {expression}"

    def look(self, step: int) -> dict:
        """Return everything that the first stage shows, once it shows this step."""
        if not self.evaluate("'bppvizLook' in globalThis"):
            self.evaluate(f"(() => {{ {LOOK.read_text(encoding='utf-8')} }})()")
        return self.evaluate(f"bppvizLook(0, {step})")

    def middle(self, selector: str) -> list[float]:
        """Return where in the window the middle of an element is, which is scrolled there."""
        return self.evaluate(
            f"""(() => {{
              const it = document.querySelector({json.dumps(selector)});
              it.scrollIntoView({{ block: "center" }});
              const {{ left, right, top, bottom }} = it.getBoundingClientRect();
              return [(left + right) / 2, (top + bottom) / 2];
            }})()"""
        )


class Firefox(Engine):
    """A page in Firefox."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def open(self, url: str) -> None:
        self._do("open", url)

    def evaluate(self, expression: str):
        return self._do("evaluate", expression)

    def press(self, key: str) -> None:
        self._do("press", key)

    def drag(self, start: list[float], by: float) -> None:
        """Drag sideways what stands at a point of the window."""
        self._do("drag", start, by)

    def picture(self, path: Path) -> None:
        """Save what is seen."""
        self._do("picture", str(path))

    @property
    def problems(self) -> list[str]:
        """Return what went wrong."""
        return self._do("seen")["problems"]

    @property
    def requests(self) -> list[str]:
        """Return the addresses that were asked for."""
        return self._do("seen")["requests"]

    def _do(self, act: str, *given):
        self._process.stdin.write(json.dumps([act, *given]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "What drives Firefox has ended."
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer.get("value")


class WebKit(Engine):
    """A page in WebKit."""

    def __init__(self, driver) -> None:
        self._driver = driver

    def open(self, url: str) -> None:
        self._driver.get(url)
        self._driver.execute_script(LISTEN)

    def evaluate(self, expression: str):
        answer = self._driver.execute_async_script(ANSWERED % expression)
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def press(self, key: str) -> None:
        from selenium.webdriver import ActionChains, Keys

        names = {"ArrowRight": Keys.ARROW_RIGHT, "ArrowLeft": Keys.ARROW_LEFT, "Home": Keys.HOME, "End": Keys.END}
        ActionChains(self._driver).send_keys(names.get(key, key)).perform()

    def drag(self, start: list[float], by: float) -> None:
        """Drag sideways what stands at a point of the window."""
        from selenium.webdriver.common.actions.action_builder import ActionBuilder

        actions = ActionBuilder(self._driver)
        x, y = map(round, start)
        actions.pointer_action.move_to_location(x, y).pointer_down()
        actions.pointer_action.move_to_location(round(x + by / 2), y).move_to_location(round(x + by), y).pointer_up()
        actions.perform()

    def picture(self, path: Path) -> None:
        """Save what is seen."""
        self._driver.save_screenshot(str(path))

    @property
    def problems(self) -> list[str]:
        """Return what went wrong since the page has been there."""
        return self.evaluate("globalThis.bppvizProblems")


@contextmanager
def firefox(size: tuple[int, int]):
    """Start Firefox with a window of some size."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        missing("These tests need Firefox (Debian: apt-get install firefox-esr).")
    if not shutil.which("node") or not (MODULES / "puppeteer-core").is_dir():
        missing("These tests need Node.js and Puppeteer: npm ci.")
    command = ["node", str(BRIDGE), program, *map(str, size)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Firefox(process)
        process.stdin.close()  # then it ends, and Firefox with it


@contextmanager
def webkit(size: tuple[int, int]):
    """Start WebKit's own small browser with a window of some size."""
    try:
        from selenium import webdriver
        from selenium.webdriver.webkitgtk.service import Service
    except ImportError:
        missing("These tests need Selenium: pip install 'bppviz[test]'.")
    programs = [str(it) for pattern in MINI_BROWSERS for it in Path("/").glob(pattern[1:])]
    driver = shutil.which("WebKitWebDriver")
    if not programs or not driver or not shutil.which("Xvfb"):
        missing("These tests need WebKit (Debian: apt-get install webkit2gtk-driver xvfb).")
    options = webdriver.WebKitGTKOptions()
    options.binary_location = programs[0]
    options.add_argument("--automation")
    with hidden_screen(), webdriver.WebKitGTK(options=options, service=Service(driver)) as browser:
        browser.set_script_timeout(2 * SECONDS)
        browser.set_window_size(*size)
        yield WebKit(browser)


@contextmanager
def hidden_screen():
    """Start a screen that nobody sees, for programs that need one."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as screen:
        try:
            with patch.dict(os.environ, DISPLAY=f":{screen.stdout.readline().strip()}"):
                yield
        finally:
            screen.terminate()


ENGINES = {"Firefox": firefox, "WebKit": webkit}
