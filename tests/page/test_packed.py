"""What is packed for the page: its texts, those about a mean where the total over the samples is one."""

from networks import lecture_of_two
from widgets import unpacked

from bppviz.page.packed import packed
from bppviz.words.catalogue import LANGUAGES


def labels(total):
    """Return how the page calls the phase that adds the samples up, in every language."""
    texts = unpacked(packed(lecture_of_two(total=total), coming=True))["words"]
    return [texts[lang]["phase.sum"] for lang in LANGUAGES]


def test_the_phase_of_all_samples_is_called_what_it_is():
    assert labels("sum") == ["Sum", "加總"]
    assert labels("mean") == ["Mean", "平均"]
