"""What would be wrong with a step as it is seen in a page: texts that overlap, are cut off, or are too small."""

from itertools import combinations
from math import hypot

SMALLEST = 12  # pixels
INDEX = 0.8  # of the size of a text has what stands below or above a name
TOLERANCE = 1  # pixel
WORDS = ("formula", "substituted", "sentence")


def faults(look, smallest=SMALLEST, *, scrolls=False):
    """Return what is wrong with what a stage shows, in sentences; `scrolls` allows a horizontal scroll bar."""
    found = [*overlapping(look["labels"]), *over_a_rim(look), *too_small(look, smallest), *cut_off(look)]
    if not scrolls and look["hidden"] > TOLERANCE:
        found.append(f"the picture is {look['hidden']} px wider than its place")
    if look["message"]:
        found.append(f"instead of a picture it says: {look['message']}")
    return found


def report(looks, *, scrolls=False):
    """Return the faults of several looks, by what each is about, as a text: empty where nothing is wrong."""
    steps = {}
    for about, look in looks.items():
        for fault in faults(look, scrolls=scrolls):
            steps.setdefault(fault, []).append(about)
    return "\n".join(f"{fault}  (at {', '.join(map(str, places))})" for fault, places in steps.items())


def overlapping(labels):
    """Return which labels of the picture cover each other."""
    return [
        f"{one['text']!r} overlaps {other['text']!r} by {width:.1f} × {height:.1f} px"
        for one, other in combinations(labels, 2)
        for width, height in [shared(one, other)]
        if min(width, height) > TOLERANCE
    ]


def shared(one, other):
    """Return width and height of what two boxes share; negative where they are apart."""
    width = min(one["right"], other["right"]) - max(one["left"], other["left"])
    return width, min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])


def over_a_rim(look):
    """Return which labels run over the rim of a circle: each stands inside of one or outside of all."""
    found = []
    for label in look["labels"]:
        # Inside, what counts is the letters: as wide as the line's box at half its height, and not as high.
        middle = (label["top"] + label["bottom"]) / 2
        for circle in look["circles"]:
            dx = (label["left"] - circle["x"], label["right"] - circle["x"])
            dy = (label["top"] - circle["y"], label["bottom"] - circle["y"])
            nearest = hypot(
                min(map(abs, dx)) if dx[0] * dx[1] > 0 else 0, min(map(abs, dy)) if dy[0] * dy[1] > 0 else 0
            )
            farthest = hypot(max(map(abs, dx)), middle - circle["y"])
            if nearest < circle["radius"] - 2 * TOLERANCE and farthest > circle["radius"] + TOLERANCE:
                found.append(f"{label['text']!r} runs over the rim of a circle")
    return found


def too_small(look, smallest):
    """Return which texts are smaller than people can read."""
    texts = [(it["text"], it["size"], smallest) for it in look["labels"]]
    texts += [(it["text"], it["index"], INDEX * smallest) for it in look["labels"]]
    texts += [(look[name]["text"], look[name]["size"], smallest) for name in WORDS]
    return [f"{text!r} has {size:.2f} px" for text, size, least in texts if size < least - 0.01]


def cut_off(look):
    """Return which texts are not seen whole."""
    found = [
        f"{label['text']!r} leaves the picture"
        for label in look["labels"]
        if not inside(label, look["frame"], TOLERANCE)
    ]
    for name in WORDS:
        words = look[name]
        if not words["text"].strip():
            found.append(f"the {name} is missing")
        if max(words["hidden"]) > TOLERANCE:
            found.append(f"the {name} {words['text']!r} needs {words['hidden']} px more than it has")
        if not inside(words["box"], look["stage"], TOLERANCE):
            found.append(f"the {name} leaves the stage")
        found += [
            f"{part['text']!r} leaves the {name}"
            for part in words["parts"]
            if not inside(part, words["box"], TOLERANCE)
        ]
    return found


def inside(box, other, tolerance):
    """Tell whether a box lies in another."""
    return (
        box["left"] >= other["left"] - tolerance
        and box["right"] <= other["right"] + tolerance
        and box["top"] >= other["top"] - tolerance
        and box["bottom"] <= other["bottom"] + tolerance
    )
