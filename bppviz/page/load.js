// The module that anywidget imports for each widget: it unpacks the widget's own, which is long, and leaves all to it.
// A page keeps every module that it has ever imported (https://github.com/manzt/anywidget/issues/613), so each is
// imported once, whatever number of widgets has it.

import { imported, unpacked } from "./unpack.js";

/** @import { Rendered, Widget, WidgetModule } from "./types.js" */

/** By source text. @type {Record<string, Promise<WidgetModule["default"]>>} */
const modules = (globalThis.bppvizModules ??= {});

/**
 * Import a module, and put its style sheet into the page in place of an older one.
 * @param {string} source
 */
async function added(source) {
  /** @type {WidgetModule} */
  const { default: widget, style } = await imported(source);
  if (style) {
    document.getElementById("bppviz-style")?.remove();
    document.head.append(Object.assign(document.createElement("style"), { id: "bppviz-style", textContent: style }));
  }
  return widget;
}

export default () => {
  /** @type {Widget} */
  let widget;
  return {
    /** @param {Rendered<any>} given */
    async initialize(given) {
      const source = await unpacked(given.model.get("code"));
      widget = (await (modules[source] ??= added(source)))();
      return widget.initialize?.(given);
    },

    /** @param {Rendered<any>} given */
    render: (given) => widget.render(given),
  };
};
