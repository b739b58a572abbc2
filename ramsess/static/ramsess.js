/* Only makes things faster: every page works without it. */
(() => {
  "use strict";

  const token = document.querySelector("input[name=csrf_token]");

  // Suggestions as one types, offered by the browser's own list.
  for (const input of document.querySelectorAll("input[data-suggest]")) {
    const list = document.createElement("datalist");
    list.id = `${input.id}-suggestions`;
    input.after(list);
    input.setAttribute("list", list.id);
    let last = "";
    let timer = 0;
    const suggest = async () => {
      const text = input.value.trim();
      if (text === last || text.length < 2) return;
      last = text;
      const answer = await fetch(input.dataset.suggest, {
        method: "POST",
        body: new URLSearchParams({ q: text, csrf_token: token.value }),
      });
      if (!answer.ok) return;
      const labels = await answer.json();
      list.replaceChildren(...labels.map((label) => new Option(label, label)));
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(suggest, 120);
    });
  }

  // A long list of people narrows as one types.
  for (const input of document.querySelectorAll("input[data-filter]")) {
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const items = [...document.querySelectorAll(`${input.dataset.filter} li`)];
    input.closest("[hidden]")?.removeAttribute("hidden");
    input.addEventListener("input", () => {
      const words = plain(input.value).split(/\s+/);
      for (const item of items) {
        item.hidden = !words.every((word) => plain(item.textContent).includes(word));
      }
    });
  }

  // One box ticks a whole list, and says whether all of it is ticked.
  for (const all of document.querySelectorAll("input[data-tick]")) {
    const list = document.querySelector(all.dataset.tick);
    const boxes = [...list.querySelectorAll("input[type=checkbox]")];
    const tell = () => { all.checked = boxes.every((box) => box.checked); };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
    });
    list.addEventListener("change", tell);
    tell();
  }

  // A double click sends once; the server would record once anyway.
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "1";
    });
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
