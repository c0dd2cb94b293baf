"""The one door: what fails ends only its own part, is told, and reaches whoever programs too."""

import asyncio
import logging
import re
from pathlib import Path

import pytest

import bppviz
from bppviz.widget.door import Door, described

# What calls the widget from outside, and what leads through the door.
CALLERS = r"\.(?:observe|on_click|on_msg|add_done_callback|call_later|create_task)\("
LED = r"\bheard\(|\bdoor\.(?:to|call)\(|_door\.to\("
# What leads through it nevertheless.
ELSEWHERE = {
    "task = loop.create_task(work)",  # in the door itself
    "task.add_done_callback(self.to(part, lambda it: it.cancelled() or it.result()))",
    'part.observe(self._hear, "value")',  # a knob: what it then calls was led through the door
    "widget.comm.on_msg(pass_on)",  # which only turns to another thread
}


@pytest.fixture
def told():
    return []


@pytest.fixture
def door(told):
    return Door(lambda part, error: told.append((part, described(error))))


def fail(*_):
    raise ValueError("no\nsuch thing")


def test_what_goes_well_is_done_and_nothing_is_told(door, told):
    done = []
    assert door.call("chart", done.append, 1)
    door.to("chart", done.append)(2)
    assert (done, told) == ([1, 2], [])


def test_what_fails_is_told_with_its_type_and_message_in_one_line(door, told):
    assert not door.call("chart", fail)
    door.to("change", fail)({"new": 1})
    assert told == [("chart", "ValueError: no such thing"), ("change", "ValueError: no such thing")]


def test_a_task_that_fails_is_told_and_one_that_is_cancelled_is_not(door, told):
    async def failing():
        fail()

    async def work():
        loop = asyncio.get_running_loop()
        door.task("training", failing(), loop)
        door.task("training", asyncio.sleep(60), loop)
        await asyncio.sleep(0)
        asyncio.all_tasks().difference({asyncio.current_task()}).pop().cancel()
        await asyncio.sleep(0.01)

    asyncio.run(work())
    assert told == [("training", "ValueError: no such thing")]


def test_the_traceback_is_logged_once_however_often_the_same_thing_fails(door, caplog):
    with caplog.at_level(logging.INFO, "bppviz"):
        for _ in range(3):
            door.call("chart", fail)
    (record,) = caplog.records
    assert record.exc_info[0] is ValueError


def test_what_cannot_even_be_told_is_logged(caplog):
    caplog.set_level(logging.INFO, "bppviz")
    assert not Door(fail).call("chart", lambda: 1 / 0)
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError, ValueError]


def test_an_interrupt_is_no_failure_and_goes_on(door, told):
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        door.call("change", interrupted)
    assert told == []


def test_nothing_calls_the_widget_but_through_the_door():
    sources = sorted((Path(bppviz.__file__).parent / "widget").glob("*.py"))
    lines = [line.strip() for path in sources for line in path.read_text(encoding="utf-8").splitlines()]
    called = [line for line in lines if re.search(CALLERS, line)]
    assert len(called) > 15
    assert {line for line in called if not re.search(LED, line)} == ELSEWHERE


PARTS = ("away", "edits", "feed", "options", "panels", "predict", "training")


@pytest.mark.parametrize("part", PARTS)
def test_no_part_of_the_widget_knows_another(part):
    source = (Path(bppviz.__file__).parent / "widget" / f"{part}.py").read_text(encoding="utf-8")
    imported = set(re.findall(r"^from bppviz\.widget\.(\w+) import", source, re.MULTILINE))
    assert imported
    assert not imported & {*PARTS, "explainer"}
