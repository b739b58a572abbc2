"""axe-core as the package has it, in half the time on a page of tables: the same findings.

For each cell it reads every colour around it anew, and the translation of its classes for old
browsers keeps every field of a colour in a WeakMap, which is long to collect. Here each text of a
colour is read once, and the fields are where the browsers of today would keep them.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

_SCRIPT = (
    "((WeakMap, WeakSet) => {"
    + AXE_SCRIPT
    + """
  const {Color} = axe.commons.color, read = Color.prototype.parseString, known = new Map();
  Color.prototype.parseString = function (text) {
    if (!known.has(text)) known.set(text, read.call(new Color(), text));
    const {r, g, b, alpha} = known.get(text);
    return Object.assign(this, {r, g, b, alpha});
  };
})(...[0, 0].map(() => class {
  #name = Symbol();
  get(key) { return key[this.#name]; }
  has(key) { return this.#name in key; }
  set(key, value) { key[this.#name] = value; return this; }
  add(key) { return this.set(key, true); }
  delete(key) { return delete key[this.#name]; }
}));"""
)


def load_axe(page: Page) -> None:
    """Put axe into the page, once for all the ways in which it is looked at."""
    page.evaluate(_SCRIPT)


def run_axe(page: Page, rules: list[str]) -> AxeResults:
    """What breaks one of the *rules* (names or tags of axe), as the page looks now."""
    options: dict[str, Any] = {"runOnly": rules, "resultTypes": ["violations"]}
    return AxeResults(page.evaluate("options => axe.run(options)", options))
