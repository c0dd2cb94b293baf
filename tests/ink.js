// Draws texts with plotly.js, and tells where the ink of their pieces is and where each letter begins, in units of the canvas.
async ({ texts, layout }) => {
  const div = document.getElementById("picture");
  const pen = document.createElement("canvas").getContext("2d");
  const measured = (node, base) => {
    const written = node.data.replace(/\u200b/g, "");
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, right, top } = range.getBoundingClientRect();
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(node.parentElement);
    pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    const metrics = pen.measureText(written);
    const line = top - base.top + metrics.fontBoundingBoxAscent;
    const [above, below] = [metrics.actualBoundingBoxAscent, metrics.actualBoundingBoxDescent];
    return [left - base.left, line - above, right - base.left, line + below, parseFloat(fontSize)];
  };
  const begun = (text) => {
    const matrix = div.querySelector("svg.main-svg").getScreenCTM().inverse().multiply(text.getScreenCTM());
    const written = text.textContent;
    return [...Array(text.getNumberOfChars()).keys()]
      .filter((i) => !/[\s\u200b\udc00-\udfff]/.test(written[i]))
      .map((i) => {
        const { x, y } = text.getStartPositionOfChar(i).matrixTransform(matrix);
        return [String.fromCodePoint(written.codePointAt(i)), x, y];
      });
  };
  const inked = (text, base) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    const pieces = nodes.filter((node) => node.data.replace(/\u200b/g, "").trim());
    const written = text.textContent.replace(/\u200b/g, "");
    return { text: written, pieces: pieces.map((node) => measured(node, base)), letters: begun(text) };
  };
  await Promise.all([...document.fonts].map((font) => font.load()));
  div.style.width = `${layout.width}px`;
  div.style.height = `${layout.height}px`;
  await Plotly.newPlot(div, [texts], layout, { staticPlot: true });
  const base = div.getBoundingClientRect();
  const found = texts.text.map(() => ({ text: "", pieces: [], letters: [] }));
  for (const point of div.querySelectorAll(".scatterlayer .textpoint")) {
    found[point.__data__.i] = inked(point.querySelector("text"), base);
  }
  return found;
};
