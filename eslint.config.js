// The linter of the page's modules. Types, and that every name and import is there, are tsc's to check.
import js from "@eslint/js";

export default [
  {
    files: ["bppviz/page/*.js"],
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...js.configs.recommended.rules,
      "no-undef": "off",
      "max-lines": ["error", 350],
      "max-lines-per-function": ["error", 60],
      "max-params": ["error", 5],
      eqeqeq: "error",
      "no-duplicate-imports": "error",
      "no-unused-vars": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
];
