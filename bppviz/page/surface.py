"""Which controls there are, in the order in which they stand: for the widget, and for a saved page.

The page finds each by its class, bppviz-name, and says what it is called. A saved page has what needs no kernel.
"""

MOVES = ("first", "back", "next", "last")
TABS = ("weights", "predict", "training", "table", "matrices", "why", "check", "code")
SAVED = ("predict", "table", "matrices", "code")  # those that a saved page has
MORE = ("show-settings", "present", "help")  # at the end of the row of tabs
SETTINGS = ("view", "theme", "language", "spotlight")  # each a choice among a few
SIZES = ("smaller", "larger")  # of the text
