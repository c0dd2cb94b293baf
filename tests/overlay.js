// Called by overlay.py: draw figures with plotly.js, and return where it puts each letter.
async (figures) => {
  const place = document.getElementById("picture");
  const all = [];
  for (const { data, layout } of figures) {
    await Plotly.newPlot(place, data, layout, { staticPlot: true });
    await document.fonts.ready;
    const svg = place.querySelector("svg.main-svg").getScreenCTM().inverse();
    all.push([...place.querySelectorAll(".textpoint text")].flatMap((text) => {
      const matrix = svg.multiply(text.getScreenCTM());
      const written = text.textContent;
      return [...Array(text.getNumberOfChars()).keys()]
        .filter((i) => !/[\s\u200b\udc00-\udfff]/.test(written[i]))
        .map((i) => {
          const { x, y } = text.getStartPositionOfChar(i).matrixTransform(matrix);
          return [String.fromCodePoint(written.codePointAt(i)), x, y];
        });
    }));
  }
  return all;
};
