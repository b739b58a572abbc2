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

  // Work in the background: how far it is, then its page again when it is over.
  for (const place of document.querySelectorAll("[data-progress]")) {
    const bar = place.querySelector("progress");
    const look = async () => {
      const answer = await fetch(place.dataset.progress).catch(() => null);
      const said = answer?.ok ? await answer.json() : null;
      if (said && !said.running) {
        location.reload();
        return;
      }
      if (said?.step) {
        const step = place.querySelector("[data-step]");
        if (step.textContent !== `${said.step}…`) step.textContent = `${said.step}…`;
        bar.max = said.total || 1;
        bar.value = said.done;
      }
      setTimeout(look, 700);
    };
    setTimeout(look, 700);
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

  // What is typed in a long form is kept as one goes; the button alone would keep it too.
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const status = form.querySelector("[data-autosave-status]");
    const versions = [...form.querySelectorAll("input[name$='-version']")];
    const axisOf = (input) => form.elements[input.name.replace("version", "axis")].value;
    let timer = 0;
    let sending = null;
    const said = (fields) =>
      [...fields].filter(([name]) => !name.endsWith("-version")).map(String).join("\n");
    // As it was served: what was typed before this script came is not kept yet.
    const served = form.cloneNode(true);
    served.reset();
    let kept = said(new FormData(served));
    const keep = async () => {
      const fields = new URLSearchParams(new FormData(form));
      const typed = said(fields);
      if (typed === kept) return;
      fields.set("autosave", "1");
      status.textContent = "Enregistrement…";
      try {
        const answer = await fetch(form.action, { method: "POST", body: fields });
        if (answer.ok) {
          const told = await answer.json();
          for (const input of versions) {
            input.value = told.versions[axisOf(input)] ?? input.value;
          }
          kept = typed;
          status.textContent = `Enregistré à ${told.at}`;
        } else if (answer.status === 409) {
          status.textContent =
            "Un·e collègue a écrit sur le même axe : enregistrez pour voir les deux textes.";
        } else {
          status.textContent = "Pas encore enregistré : utilisez le bouton pour savoir pourquoi.";
        }
      } catch {
        status.textContent = "Pas de réseau : votre texte reste ici, il sera enregistré plus tard.";
      }
    };
    // One sending at a time: the next one must know the versions that this one makes.
    const soon = () => {
      sending = (sending ?? Promise.resolve()).then(keep);
      return sending;
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(soon, 4000);
    });
    form.addEventListener("change", soon);
    addEventListener("online", soon);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") soon();
    });
    // The other buttons of the page leave it: what is typed goes first.
    for (const other of document.querySelectorAll("main form[method=post]")) {
      other.addEventListener("submit", (event) => {
        if (other.dataset.waited) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        clearTimeout(timer);
        const last = other === form ? (sending ?? Promise.resolve()) : soon();
        const { submitter } = event;
        // Not before this event is over: a form that is being submitted ignores the request.
        last.then(() =>
          setTimeout(() => {
            other.dataset.waited = "1";
            other.requestSubmit(submitter);
          }),
        );
      });
    }
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
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      delete form.dataset.waited;
    }
  });
})();
