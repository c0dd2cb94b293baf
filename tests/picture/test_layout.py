"""Where things stand in a picture: apart from each other, and inside of it."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bppviz.picture.layout import Box, Layout, Point

LECTURE = Layout((2, 2, 2, 2))
SIZES = st.lists(st.integers(1, 8), min_size=2, max_size=5).map(tuple)


def neurons(layout):
    return [(layer, unit) for layer in layout.layers for unit in range(layout.sizes[layer])]


def circles(layout):
    """Return the centres of all circles."""
    inputs = [layout.x(unit) for unit in range(layout.sizes[0])]
    return inputs + [place(*neuron) for neuron in neurons(layout) for place in (layout.z, layout.a)]


def edges(layout):
    return [(layer, unit, source) for layer, unit in neurons(layout) for source in range(layout.sizes[layer - 1])]


def label(layout, edge):
    """Return the room that the label of an edge takes, a weight with its gradient below."""
    x, y = layout.edge_label(*edge)
    return Box(x - 46, y - 12, x + 46, y + 32)


def test_every_edge_of_the_lectures_network_has_room_for_its_label():
    assert LECTURE.roomy
    assert LECTURE.labels_are_free
    labels = [label(LECTURE, edge) for edge in edges(LECTURE)]
    assert [(one, other) for one, other in combinations(labels, 2) if one.covers(other)] == []


def test_no_label_of_an_edge_of_the_lectures_network_stands_on_a_circle():
    radius = LECTURE.space.radius
    rims = [Box(x - radius, y - radius, x + radius, y + radius) for x, y in circles(LECTURE)]
    labels = [label(LECTURE, edge) for edge in edges(LECTURE)]
    assert [(one, rim) for one in labels for rim in rims if one.covers(rim)] == []


@pytest.mark.parametrize("sizes", [(1, 1), (1, 1, 1), (2, 1), (1, 2), (2, 2, 1), (2, 2, 2), (2, 2, 2, 2)])
def test_a_small_network_has_room_for_all_labels(sizes):
    assert Layout(sizes).roomy


@pytest.mark.parametrize("sizes", [(4, 8, 8, 3), (1, 8), (8, 1), (4, 4)])
def test_a_larger_network_does_without(sizes):
    assert not Layout(sizes).roomy


@given(SIZES)
def test_no_two_circles_touch_and_all_are_inside(sizes):
    layout = Layout(sizes)
    radius = layout.space.radius
    centres = circles(layout)
    assert min(hypot(a.x - b.x, a.y - b.y) for a, b in combinations(centres, 2)) > 2 * radius
    for x, y in centres:
        assert radius < x < layout.width - radius
        assert radius < y < layout.height - radius


@given(SIZES)
def test_everything_else_is_inside_too(sizes):
    layout = Layout(sizes)
    points = [place(*n) for n in neurons(layout) for place in (layout.bias, layout.below, layout.above, layout.gain)]
    points += [layout.edge_label(*edge) for edge in edges(layout)]
    points += [layout.loss, *(layout.target(unit) for unit in range(sizes[-1]))]
    for x, y in points:
        assert 0 < x < layout.width
        assert 0 < y < layout.height


@given(SIZES)
def test_columns_go_from_the_input_to_the_loss(sizes):
    layout = Layout(sizes)
    columns = [layout.x(0).x]
    for layer in layout.layers:
        columns += [layout.z(layer, 0).x, layout.gate(layer, 0).x, layout.a(layer, 0).x]
    columns += [layout.target(0).x, layout.loss.x]
    assert columns == sorted(set(columns))


@given(SIZES)
def test_every_layer_stands_in_the_middle(sizes):
    layout = Layout(sizes)
    middles = {layout.loss.y, layout.x(0).y / 2 + layout.x(sizes[0] - 1).y / 2}
    middles |= {layout.z(layer, 0).y / 2 + layout.z(layer, sizes[layer] - 1).y / 2 for layer in layout.layers}
    assert max(middles) - min(middles) < 1e-6


@given(SIZES)
def test_an_edge_runs_from_rim_to_rim(sizes):
    layout = Layout(sizes)
    for layer, unit, source in edges(layout):
        start, end = layout.edge(layer, unit, source)
        for point, centre in ((start, layout.a(layer - 1, source)), (end, layout.z(layer, unit))):
            assert hypot(point.x - centre.x, point.y - centre.y) == pytest.approx(layout.space.radius)
        assert layout.on_edge(layer, unit, source, 0) == pytest.approx(start)
        assert layout.on_edge(layer, unit, source, 1) == pytest.approx(end)


def test_the_lectures_picture_is_not_wider_than_a_cell_at_1280_pixels():
    assert LECTURE.width * 12 / 18 <= 832


def test_boxes_cover_what_they_share():
    box = Box(0, 0, 10, 10)
    assert box.covers(Box(5, 5, 20, 20)) == 25
    assert box.covers(Box(10, 0, 20, 10)) == box.covers(Box(30, 30, 40, 40)) == 0
    assert Point(1, 2) == (1, 2)
