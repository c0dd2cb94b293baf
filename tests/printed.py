"""What a browser prints: how many pages of which size, and what on them is cut or lies over something else."""

import re

# Every part that reaches out of what it stands in, or over what stands beside it, in a page that is laid out for paper.
MISPLACED = """() => {
  const found = [];
  const box = (it) => it.getBoundingClientRect();
  const name = (it) => `${it.localName}.${it.getAttribute("class") ?? ""} ${it.textContent.trim().slice(0, 60)}`;
  const inside = (it, around, by = 0.6) => {
    const [a, b] = [box(it), box(around)];
    const out = Math.max(b.left - a.left, a.right - b.right, b.top - a.top, a.bottom - b.bottom);
    if (out > by) found.push(`${name(it)} reaches ${out.toFixed(1)} px out of ${name(around)}`);
  };
  const apart = (parts) => parts.forEach((one, i) => parts.slice(i + 1).forEach((other) => {
    const [a, b] = [box(one), box(other)];
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 0.6 && down > 0.6) found.push(`${name(one)} lies over ${name(other)}`);
  }));
  const all = (within, selector) => [...within.querySelectorAll(selector)];
  for (const page of all(document, ".bppviz-page")) {
    const body = page.querySelector(".bppviz-body");
    all(page, ":not(svg *)").forEach((it) => inside(it, page));
    all(body, ":not(svg *)").forEach((it) => inside(it, body));
    apart([body, page.querySelector(".bppviz-foot")]);
    apart([...body.children]);
    for (const row of all(body, "li, tr, header")) {
      apart([...row.children]);
      all(row, "*").forEach((it) => inside(it, row, 2));
    }
    all(body, "ol").forEach((it) => apart([...it.children]));
    const steps = all(page, ".bppviz-step");
    apart(steps);
    for (const step of steps) {
      all(step, ":not(svg *)").forEach((it) => inside(it, step));
      apart([...step.children]);
      apart(all(step, ".bppviz-formulas > *"));
      all(step, ".bppviz-formulas > *").forEach((it) => all(it, "*").forEach((part) => inside(part, it, 2)));
      const picture = step.querySelector("svg");
      all(picture, "path, circle, use").forEach((it) => inside(it, picture, 1));
    }
    for (const it of all(page, "h2, p, span")) {
      if (it.scrollWidth > it.clientWidth + 1 && it.clientWidth) found.push(`${name(it)} is cut`);
    }
  }
  return found;
}"""
# How large the letters of each picture are, in points.
LETTERS = """() => [...document.querySelectorAll(".bppviz-step svg")].map((it) => {
  const { width, height } = it.getBoundingClientRect();
  return (18 * 0.75 * Math.min(width / it.viewBox.baseVal.width, height / it.viewBox.baseVal.height));
})"""


def opened_for_paper(browser, path):
    """Return a page that shows a file as it is printed, with what went wrong in it and what it fetched."""
    page, problems = browser.new_page(), []
    page.on("console", lambda said: problems.append(said.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: request.url.startswith(("file:", "data:")) or problems.append(request.url))
    page.emulate_media(media="print")
    page.goto(path.as_uri())
    page.evaluate("document.fonts.ready")
    return page, problems


def sheets_of(pdf: bytes) -> list[tuple[int, int]]:
    """Return how wide and how high each page of a PDF file of Chromium's is, in whole points."""
    assert len(re.findall(rb"/Type /Page\b(?!s)", pdf)) == len(re.findall(rb"/MediaBox", pdf))
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(wide)), round(float(high))) for wide, high in sizes]
