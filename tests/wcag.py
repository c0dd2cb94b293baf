"""What is wrong with a page by WCAG 2.2 AA, as far as a program can tell: axe-core tells."""

from axe_playwright_python.base import AXE_SCRIPT

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
COLOURS = ("cat.color",)  # all that a theme can change
AUDIT = """async ([within, tags]) => {
  const { violations } = await axe.run(within, { runOnly: tags, resultTypes: ["violations"] });
  const said = ({ target, html, failureSummary }) => `${target} ${html.slice(0, 200)} ${failureSummary}`;
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${said(node)}`));
}"""


def wrong(page, within=".bppviz", tags=TAGS):
    """Return what is wrong with all parts of a page that a selector finds, in sentences."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(AUDIT, [within, list(tags)])
