"""A made-up student: logs in and works in the first lesson, and says to the hub what a page of JupyterLab would say."""

from __future__ import annotations

import asyncio
import json
from itertools import cycle
from time import perf_counter
from typing import Any
from uuid import uuid4

import httpx
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

LESSON = "en/0-start-here.ipynb"
WEIGHT, LAST_STEP = "w-3-0-0", 48  # w₅ of the lecture's network, in which it has 49 steps
ASKED = "float(explainer.network.weights[2][0, 0])"  # the same in Python
PACE = 0.05  # seconds from one value to the next at least: a page paints no more than some 20 pictures a second
GRID = [round(1 + i / 20, 2) for i in range(81)]  # where a slider stands, from 1 to 5
SWEEP = [*GRID, *GRID[-2:0:-1]]  # forth and back, never twice the same in a row
PROTOCOL = "v1.kernel.websocket.jupyter.org"
PATIENCE = 180  # seconds: many come in at once


class StudentError(Exception):
    """What a student could not do."""


class Request:
    """A message to the kernel, and what came of it."""

    def __init__(self) -> None:
        self.sent = perf_counter()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.painted: float | None = None  # when its picture was there
        self.result = self.error = ""

    def hear(self, kind: str, content: dict[str, Any], brings: set[str]) -> None:
        """Take what the kernel says about it; `brings` names the traits of widgets that it changes."""
        if kind == "error":
            self.error = f"{content['ename']}: {content['evalue']}"
        elif kind == "execute_result":
            self.result = content["data"]["text/plain"]
        elif "fresh" in brings:
            self.painted = self.painted or perf_counter()
        elif kind == "status" and content["execution_state"] == "idle" and not self.done.done():
            self.done.set_result(None)


class Kernel:
    """A line to a kernel, and the widgets that live in it: the state of each, by its comm."""

    def __init__(self, line: WebSocketClientConnection) -> None:
        self.widgets: dict[str, dict[str, Any]] = {}
        self._line = line
        self._session = uuid4().hex
        self._requests: dict[str, Request] = {}
        self._listening = asyncio.create_task(self._listen())

    async def ask(self, kind: str, content: dict[str, Any]) -> Request:
        """Send a message, and wait until the kernel is done with it."""
        header = {"msg_id": uuid4().hex, "msg_type": kind, "session": self._session, "username": "", "version": "5.3"}
        request = self._requests[header["msg_id"]] = Request()
        parts = [json.dumps(it).encode() for it in (header, {}, {}, content)]
        await self._line.write_message(serialize_msg_to_ws_v1(parts, "shell"), binary=True)
        await asyncio.wait({request.done, self._listening}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if request.error or not request.done.done():
            raise StudentError(request.error or f"no answer to {kind}")
        return request

    async def execute(self, code: str) -> str:
        """Run a cell, and return its result."""
        return (await self.ask("execute_request", {"code": code, "silent": False, "stop_on_error": True})).result

    async def set(self, widget: str, **state: Any) -> Request:
        """Change a widget, as its view in a page does."""
        return await self._tell(widget, {"method": "update", "state": state, "buffer_paths": []})

    async def send(self, widget: str, **message: Any) -> Request:
        """Send a widget a message of its own."""
        return await self._tell(widget, {"method": "custom", "content": message})

    def find(self, *classes: str, **traits: Any) -> str:
        """Return the widget that has these classes and traits, or an empty name."""
        for name, state in self.widgets.items():
            is_so = traits.items() <= {key: state.get(key) for key in traits}.items()
            if is_so and set(classes) <= set(state.get("_dom_classes", ())):
                return name
        return ""

    def close(self) -> None:
        """Hang up."""
        self._listening.cancel()
        self._line.close()

    async def _tell(self, widget: str, data: dict[str, Any]) -> Request:
        return await self.ask("comm_msg", {"comm_id": widget, "data": data})

    async def _listen(self) -> None:
        while isinstance(message := await self._line.read_message(), bytes):
            header, parent, _, content = map(json.loads, deserialize_msg_from_ws_v1(message)[1][:4])
            brings = self._keep(header["msg_type"], content)
            if request := self._requests.get(parent.get("msg_id")):
                request.hear(header["msg_type"], content, brings)

    def _keep(self, kind: str, content: dict[str, Any]) -> set[str]:
        """Keep the state of a widget that is opened or changed; return the names of what changed."""
        data = content.get("data", {})
        if kind not in ("comm_open", "comm_msg") or data.get("method") not in (None, "update"):
            return set()
        state = data.get("state", {})
        self.widgets.setdefault(content["comm_id"], {}).update(state)
        return {*state, *(path[0] for path in data.get("buffer_paths", ()))}


class Student:
    """Someone at a page of JupyterLab. `ticks` are the seconds from each value of the drag to its picture."""

    def __init__(self, name: str, hub: str, password: str) -> None:
        self.name = name
        self.came_in = 0.0  # seconds from the login until the lesson has run
        self.ticks: list[float] = []
        self._hub, self._password = hub, password
        self._own = f"{hub}/user/{name}"
        self._client = httpx.AsyncClient(follow_redirects=True, timeout=PATIENCE, trust_env=False)

    async def come_in(self) -> None:
        """Log in, run the first lesson, and open its widget with the sliders."""
        begun = perf_counter()
        await self._log_in()
        await self._open_lab()
        self._kernel = await self._start_kernel()
        await self._run_lesson()
        await self._open_sliders()
        self.came_in = perf_counter() - begun

    async def drag(self, seconds: float) -> None:
        """Drag the slider of a weight for so long, and see that the network has followed."""
        kernel, slider = self._kernel, self._kernel.find("bppviz-slider", f"bppviz-at-{WEIGHT}")
        self.ticks, end = [], perf_counter() + seconds
        await self._hold(down=True)
        for value in cycle(SWEEP):
            tick = await kernel.set(slider, value=value)
            if tick.painted is None:
                raise StudentError(f"no picture for {value}")
            self.ticks.append(tick.painted - tick.sent)
            if perf_counter() > end:
                break
            await asyncio.sleep(tick.sent + PACE - perf_counter())
        await self._hold(down=False)
        if (found := await kernel.execute(ASKED)) != str(value):
            raise StudentError(f"the weight was dragged to {value} and is {found}")

    async def leave(self) -> None:
        """Close the page; server and kernel go on."""
        if hasattr(self, "_kernel"):
            self._kernel.close()
        await self._client.aclose()

    # On the way in

    async def _ask(self, method: str, url: str, **given: Any) -> httpx.Response:
        answer = await self._client.request(method, url, **given)
        if answer.is_error:
            raise StudentError(f"{answer.status_code} {method} {answer.url.path}")
        return answer

    def _token(self, path: str) -> str:
        """Return what a page of the hub or of a server proves with that it is one."""
        found = (it.value for it in self._client.cookies.jar if (it.name, it.path) == ("_xsrf", path))
        return next(found, None) or ""

    async def _log_in(self) -> None:
        await self._ask("GET", f"{self._hub}/hub/login")
        form = {"username": self.name, "password": self._password, "_xsrf": self._token("/hub/")}
        await self._ask("POST", f"{self._hub}/hub/login", data=form)

    async def _open_lab(self) -> None:
        """Wait for a server of one's own, and get its page."""
        page, end = f"{self._own}/lab/tree/{LESSON}", perf_counter() + PATIENCE
        while str((await self._ask("GET", page)).url) != page:
            if perf_counter() > end:
                raise StudentError("the server has not started")
            await asyncio.sleep(0.5)

    async def _start_kernel(self) -> Kernel:
        session = {"path": LESSON, "name": LESSON, "type": "notebook", "kernel": {"name": "python3"}}
        proof = {"X-XSRFToken": self._token(f"/user/{self.name}/")}
        made = await self._ask("POST", f"{self._own}/api/sessions", json=session, headers=proof)
        channels = f"{self._own}/api/kernels/{made.json()['kernel']['id']}/channels?session_id={uuid4().hex}"
        cookies = self._client.build_request("GET", channels).headers["cookie"]
        request = HTTPRequest(channels.replace("http", "ws", 1), headers={"Cookie": cookies}, request_timeout=PATIENCE)
        line = await websocket_connect(request, subprotocols=[PROTOCOL], max_message_size=2**26)
        line.protocol.set_nodelay(True)  # as browsers do
        return Kernel(line)

    async def _run_lesson(self) -> None:
        """Run every cell of the lesson, in order."""
        lesson = (await self._ask("GET", f"{self._own}/api/contents/{LESSON}")).json()["content"]
        for cell in lesson["cells"]:
            if cell["cell_type"] == "code":
                await self._kernel.execute(cell["source"])

    async def _open_sliders(self) -> None:
        """Do what the page does when it shows the widget, goes to the last step and opens the tab with the sliders."""
        kernel = self._kernel
        self._stage = kernel.find(granularity="equation")
        await kernel.send(self._stage, kind="plotly")
        await kernel.send(self._stage, kind="here")
        await kernel.set(self._stage, step=LAST_STEP)
        await kernel.set(self._stage, panel="weights")
        if not kernel.find("bppviz-slider", f"bppviz-at-{WEIGHT}"):
            raise StudentError("the sliders are not there")

    async def _hold(self, *, down: bool) -> None:
        """Grab the slider, or let it go."""
        await self._kernel.send(self._stage, kind="hold", taken=down, at=WEIGHT, slider=True, down=down)
        if down:
            await self._kernel.set(self._stage, selected=WEIGHT)
