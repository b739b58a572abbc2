/* The search box answers as one types (WAI-ARIA combobox); without it, the form asks for a page. */
(() => {
  "use strict";

  const input = document.querySelector("input[data-search]");
  if (!input) return;
  const form = input.form;
  const token = form.elements.csrf_token;

  const list = document.createElement("div");
  list.id = "chercher-reponses";
  list.className = "site-answers";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Réponses");
  const status = document.createElement("span");
  status.className = "visually-hidden";
  status.setAttribute("aria-live", "polite");
  form.append(list, status);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-expanded", "false"],
    ["aria-controls", list.id],
    ["aria-keyshortcuts", "/"],
  ]) {
    input.setAttribute(name, value);
  }

  let options = [];
  let active = -1;
  let timer = 0;
  let asked = "";
  let asking = null;

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) choose(-1);
  };
  const choose = (place) => {
    options[active]?.setAttribute("aria-selected", "false");
    active = place;
    const option = options[active];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };
  const part = (tag, name, text) => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };
  const draw = (groups) => {
    choose(-1);
    options = [];
    list.replaceChildren(
      ...groups.map((group, number) => {
        const box = document.createElement("div");
        box.setAttribute("role", "group");
        const title = part("div", "group", group.title);
        title.id = `${list.id}-${number}`;
        title.setAttribute("role", "presentation");
        box.setAttribute("aria-labelledby", title.id);
        box.append(title);
        for (const hit of group.hits) {
          const option = document.createElement("div");
          option.id = `${list.id}-${number}-${options.length}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.address = hit.address;
          option.append(
            part("span", "what", hit.title),
            part("span", "detail", hit.detail),
            part("span", "reason", hit.reason),
          );
          options.push(option);
          box.append(option);
        }
        return box;
      }),
    );
    show(options.length > 0);
    status.textContent = options.length
      ? `${options.length} réponse${options.length > 1 ? "s" : ""}, flèches pour choisir`
      : "Aucune réponse";
  };
  const ask = async () => {
    const text = input.value.trim();
    if (text === asked) return;
    asked = text;
    asking?.abort();
    if (text.length < 2) {
      options = [];
      show(false);
      status.textContent = "";
      return;
    }
    asking = new AbortController();
    try {
      const answer = await fetch(input.dataset.search, {
        method: "POST",
        body: new URLSearchParams({ q: text, csrf_token: token.value }),
        signal: asking.signal,
      });
      // What came late is not what is typed any more.
      if (answer.ok && text === asked) draw(await answer.json());
    } catch {
      // Left for a newer question, or without network: Enter still asks for the page.
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length) return;
      event.preventDefault();
      if (!open) show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const places = options.length + 1;
      choose(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && open && options[active]) {
      event.preventDefault();
      location.assign(options[active].dataset.address);
    } else if (event.key === "Escape") {
      if (open) {
        event.preventDefault();
        show(false);
      }
    } else if (event.key === "Tab") {
      show(false);
    }
  });
  // Pressing the mouse would take the focus from the box before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.address);
  });
  input.addEventListener("focus", () => {
    if (options.length && input.value.trim() === asked) show(true);
  });
  input.addEventListener("blur", () => show(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();
