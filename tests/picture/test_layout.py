"""Where things stand in a picture: apart from each other, and inside of it."""

from itertools import combinations, pairwise
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import bias_at, edge_at, found_at, gain_at, gradient_at, weight_at

from bppviz.core.place import Place
from bppviz.picture.beside import is_level
from bppviz.picture.doors import list_box, row_y
from bppviz.picture.edges import into_loss
from bppviz.picture.geometry import Box, Point, between, between_rims, box_around, far
from bppviz.picture.layout import Layout

LECTURE = Layout((2, 2, 2, 2))
SIZES = st.lists(st.integers(1, 8), min_size=2, max_size=5).map(tuple)
TAGGED = st.lists(st.integers(1, 2), min_size=2, max_size=6).map(tuple)
LISTED = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(lambda sizes: (3, *sizes))


def neurons(layout):
    return [(layer, unit) for layer in layout.layers for unit in range(layout.sizes[layer])]


def circles(layout):
    """Return the centres of all circles."""
    inputs = [layout.x(unit) for unit in range(layout.sizes[0])]
    return inputs + [place(*neuron) for neuron in neurons(layout) for place in (layout.z, layout.a)]


def edges(layout):
    return [(layer, unit, source) for layer, unit in neurons(layout) for source in range(layout.sizes[layer - 1])]


def tags(layout):
    """Return the room that every weight takes with its gradient, and every bias."""
    weights = [(weight_at(layout, *edge), found_at(layout, *edge)) for edge in edges(layout)]
    biases = [(bias_at(layout, *neuron), found_at(layout, *neuron)) for neuron in neurons(layout)]
    return [Box(own.x - 36, own.y - 9, own.x + 36, found.y + 9) for own, found in weights + biases]


def test_a_network_of_two_rows_has_its_weights_on_the_edges_and_a_larger_one_in_lists():
    assert all(Layout(sizes).tagged for sizes in [(1, 1), (2, 1), (1, 2), (2, 2, 1), (2, 2, 2, 2)])
    assert all(Layout(sizes).open_lists for sizes in [(2, 3, 1), (4, 4), (3, 1), (1, 4)])
    closed = [Layout(sizes) for sizes in [(4, 8, 8, 3), (1, 5), (8, 1)]]
    assert not any(layout.tagged or layout.open_lists for layout in closed)


@given(TAGGED)
def test_no_two_weights_or_biases_of_two_rows_stand_on_each_other(sizes):
    found = [(one, other) for one, other in combinations(tags(Layout(sizes)), 2) if one.covers(other) > 1]
    assert found == []


@given(TAGGED)
def test_no_weight_of_two_rows_stands_on_a_circle(sizes):
    layout = Layout(sizes)
    rims = [box_around(centre, 1.5 * layout.radius, 1.5 * layout.radius) for centre in circles(layout)]
    assert [(tag, rim) for tag in tags(layout) for rim in rims if tag.covers(rim)] == []


def test_a_weight_of_the_lectures_network_stands_at_its_own_edge_and_at_no_other():
    def away(point, edge):
        ends = edge_at(LECTURE, *edge)
        return min(far(point, between(*ends, i / 50)) for i in range(51))

    for edge in edges(LECTURE):
        label = Point(weight_at(LECTURE, *edge).x, (weight_at(LECTURE, *edge).y + found_at(LECTURE, *edge).y) / 2)
        others = [it for it in edges(LECTURE) if it[0] == edge[0] and it != edge]
        assert away(label, edge) < min(away(label, other) for other in others)


def test_a_level_edge_has_its_weight_above_and_the_gradient_below():
    for layer, unit, source in edges(LECTURE):
        y = LECTURE.z(layer, unit).y
        own, found = weight_at(LECTURE, layer, unit, source), found_at(LECTURE, layer, unit, source)
        assert is_level(LECTURE, Place("w", layer, unit, source)) == (unit == source)
        if unit == source:
            assert own.y < y < found.y
        assert own.x == found.x


@given(LISTED)
def test_open_lists_are_apart_and_each_edge_ends_at_its_own_row(sizes):
    layout = Layout(sizes)
    boxes = [list_box(layout, Place("z", *neuron), is_open=True) for neuron in neurons(layout)]
    assert [(one, other) for one, other in combinations(boxes, 2) if one.covers(other)] == []
    rims = [box_around(centre, 2 * layout.radius, 2 * layout.radius) for centre in circles(layout)]
    assert [(box, rim) for box in boxes for rim in rims if box.covers(rim)] == []
    for layer, unit, source in edges(layout):
        own, box = Place("w", layer, unit, source), list_box(layout, Place("z", layer, unit), is_open=True)
        end = edge_at(layout, layer, unit, source)[1]
        assert end == (box.left, row_y(layout, own))
        assert box.top < end.y < box.bottom
    for layer, unit in neurons(layout):
        rows = [row_y(layout, Place("w", layer, unit, source)) for source in range(layout.sizes[layer - 1])]
        rows.append(row_y(layout, Place("b", layer, unit)))
        assert all(lower - upper >= 26 for upper, lower in pairwise(rows))


@given(SIZES)
def test_an_opened_list_is_inside_the_picture_and_ends_at_its_neuron(sizes):
    layout = Layout(sizes)
    if layout.tagged:
        return
    for layer, unit in neurons(layout):
        box, closed = (list_box(layout, Place("z", layer, unit), is_open=is_open) for is_open in (True, False))
        assert box.right == closed.right < layout.z(layer, unit).x - layout.radius
        assert box.left > layout.a(layer - 1, 0).x + layout.radius
        assert box.top > 0
        if box.bottom - box.top < layout.drawn_height - 40:
            assert box.bottom < layout.drawn_height


@given(SIZES)
def test_no_two_circles_touch_and_all_are_inside(sizes):
    layout = Layout(sizes)
    centres = circles(layout)
    assert min(far(a, b) for a, b in combinations(centres, 2)) > 2 * layout.radius
    for x, y in centres:
        assert layout.radius < x < layout.width - layout.radius
        assert layout.radius < y < layout.height - layout.radius


@given(SIZES)
def test_what_stands_under_a_circle_touches_no_other_one(sizes):
    layout = Layout(sizes)
    blocks = [gradient_at(layout, f"dl_d{quantity}", *neuron) for neuron in neurons(layout) for quantity in "za"]
    for block, centre in ((block, centre) for block in blocks for centre in circles(layout)):
        assert hypot(block.x - centre.x, max(0, abs(block.y - centre.y) - 22)) > layout.radius


@given(SIZES)
def test_everything_else_is_inside_too(sizes):
    layout = Layout(sizes)
    points = [at(layout, *neuron) for neuron in neurons(layout) for at in (bias_at, gain_at)]
    points += [gradient_at(layout, f"dl_d{quantity}", *neuron) for neuron in neurons(layout) for quantity in "za"]
    points += [weight_at(layout, *edge) for edge in edges(layout)]
    points += [layout.loss, *(layout.target(unit) for unit in range(sizes[-1]))]
    for x, y in points:
        assert 0 < x < layout.width
        assert 0 < y < layout.drawn_height


@given(SIZES)
def test_columns_go_from_the_input_to_the_loss_and_the_targets_stand_at_it(sizes):
    layout = Layout(sizes)
    columns = [layout.x(0).x]
    for layer in layout.layers:
        columns += [layout.z(layer, 0).x, layout.gate(layer, 0).x, layout.a(layer, 0).x]
    columns += [layout.loss.x]
    assert columns == sorted(set(columns))
    assert {layout.target(unit).x for unit in range(sizes[-1])} == {layout.loss.x}
    above = [layout.target(unit).y < layout.loss.y for unit in range(sizes[-1])]
    assert above == ([True, False] if sizes[-1] == 2 else [False] * sizes[-1])


@pytest.mark.parametrize("outputs", range(3, 9))
def test_the_wires_of_three_outputs_or_more_leave_at_the_right_and_reach_the_loss_apart(outputs):
    layout = Layout((2, 3, outputs))
    wires = into_loss(layout)[:outputs]
    for unit, (start, end) in enumerate(wires):
        y = layout.a(2, unit)
        assert start == (y.x + layout.radius, y.y)
        assert end.x == layout.loss.x - layout.loss_box[0] / 2
        assert abs(end.y - layout.loss.y) < layout.loss_box[1] / 2
    assert all(above.y < below.y for (_, above), (_, below) in pairwise(wires))


def test_a_network_stands_as_high_as_its_lists_leave_room_for_the_headings():
    tops = {sizes: Layout(sizes).first for sizes in [(4, 3, 3), (4, 4, 3), (3, 3, 3)]}
    assert tops == {(4, 3, 3): 92, (4, 4, 3): 142, (3, 3, 3): 127.5}


@given(SIZES)
def test_every_layer_stands_in_the_middle(sizes):
    layout = Layout(sizes)
    middles = {layout.x(0).y / 2 + layout.x(sizes[0] - 1).y / 2}
    middles |= {layout.z(layer, 0).y / 2 + layout.z(layer, sizes[layer] - 1).y / 2 for layer in layout.layers}
    assert max(middles) - min(middles) < 1e-6


@given(TAGGED)
def test_an_edge_on_which_a_weight_stands_runs_from_rim_to_rim(sizes):
    layout = Layout(sizes)
    for layer, unit, source in edges(layout):
        start, end = edge_at(layout, layer, unit, source)
        for point, centre in ((start, layout.a(layer - 1, source)), (end, layout.z(layer, unit))):
            assert far(point, centre) == pytest.approx(layout.radius)


def test_the_lectures_picture_is_not_wider_than_a_cell_at_1280_pixels():
    """Texts of 18 units have 12 pixels there."""
    assert LECTURE.width * 12 / 18 <= 832


def test_boxes_cover_what_they_share():
    box = Box(0, 0, 10, 10)
    assert box.covers(Box(5, 5, 20, 20)) == 25
    assert box.covers(Box(10, 0, 20, 10)) == box.covers(Box(30, 30, 40, 40)) == 0
    assert box.grown(1) == (-1, -1, 11, 11)
    assert box_around(Point(5, 5), 10, 10) == box


def test_a_line_between_two_circles_begins_and_ends_at_their_rims():
    assert between_rims(Point(0, 0), Point(10, 0), 2) == ((2, 0), (8, 0))
    assert far(Point(0, 0), Point(3, 4)) == 5
