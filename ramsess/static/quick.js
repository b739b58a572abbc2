/* The quick line: fills in the form as one types; without it, the server does. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-line]");
  if (!form) return;
  const line = form.elements.phrase;
  const told = form.querySelector("[data-said]");
  const more = form.querySelector("[data-more]");
  const marks = new Map([...form.querySelectorAll("[data-mark]")].map((at) => [at.dataset.mark, at]));
  const names = [...marks.keys(), "note"];
  const served = new Map(names.map((name) => [name, form.elements[name].value]));
  // What was corrected by hand stays as it is.
  const touched = new Set();
  const unsettled = () =>
    [...marks].filter(([, at]) => ["ask", "likely"].includes(at.dataset.how)).map(([name]) => name);
  let timer = 0;
  let asking = { text: "", answer: Promise.resolve(true) };

  const settle = (name) => {
    const at = marks.get(name);
    if (at) {
      at.dataset.how = "";
      at.replaceChildren();
    }
  };

  const put = (name, field) => {
    if (touched.has(name)) return;
    form.elements[name].value = field.value;
    if (!marks.has(name)) return;
    marks.get(name).dataset.how = field.how;
    // Made and escaped by our own template.
    marks.get(name).innerHTML = field.mark;
  };

  const fill = (fields) => {
    for (const [name, field] of fields) put(name, field);
    more.open = [...marks].some(
      ([name, at]) => more.contains(at) && (at.dataset.how || touched.has(name)),
    );
  };

  const ask = async (text) => {
    if (!text) {
      fill(names.map((name) => [name, { value: served.get(name), how: "", mark: "" }]));
      form.elements.understood.value = "";
      told.textContent = "";
      return true;
    }
    try {
      const answer = await fetch(form.dataset.line, {
        method: "POST",
        body: new URLSearchParams({
          phrase: text,
          structure: form.elements.structure.value,
          csrf_token: form.elements.csrf_token.value,
        }),
      });
      if (!answer.ok) return false;
      const read = await answer.json();
      if (line.value.trim() !== text) return true;
      fill(Object.entries(read.fields));
      form.elements.understood.value = text;
      told.textContent = read.said;
      return true;
    } catch {
      return false;
    }
  };
  addEventListener("online", () => line.value.trim() && understand());

  // One question at a time for one text; true once the fields say what the line says.
  const understand = () => {
    clearTimeout(timer);
    const text = line.value.trim();
    if (text !== asking.text) {
      asking = { text, answer: ask(text) };
      // Without an answer, the same text is asked again.
      asking.answer.then((understood) => { if (!understood) asking.text = null; });
    }
    return asking.answer;
  };

  const goOn = () => {
    const [next] = unsettled();
    if (!next) return form.querySelector(".btn-primary").focus();
    const field = form.elements[next];
    const choice = marks.get(next).querySelector("button");
    (choice && field.value && marks.get(next).dataset.how === "ask" ? choice : field).focus();
  };

  line.addEventListener("input", () => {
    if (!line.value.trim()) touched.clear();
    clearTimeout(timer);
    timer = setTimeout(understand, 150);
  });

  form.addEventListener("input", ({ target }) => {
    if (target === line || !target.name) return;
    touched.add(target.name);
    settle(target.name);
    // The usual duration was that of another type.
    if (target.name === "type" && marks.get("minutes").dataset.how === "usual") settle("minutes");
  });

  form.addEventListener("keydown", async (event) => {
    const { target } = event;
    if (event.key !== "Enter" || event.isComposing || !line.value.trim()) return;
    if (!["INPUT", "SELECT"].includes(target.tagName)) return;
    event.preventDefault();
    const understood = await understand();
    // Looked at and left so: it stands.
    if (target !== line) settle(target.name);
    if (understood && unsettled().length) goOn();
    else form.requestSubmit();
  });

  form.addEventListener("click", (event) => {
    const choice = event.target.closest("button[name=choice]");
    if (!choice) return;
    event.preventDefault();
    const at = choice.value.indexOf(":");
    const name = choice.value.slice(0, at);
    form.elements[name].value = choice.value.slice(at + 1);
    touched.add(name);
    settle(name);
    goOn();
  });
})();
