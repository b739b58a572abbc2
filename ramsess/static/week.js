/* Makes the grid of a week as quick as a spreadsheet; without it the grid is a plain form. */
(() => {
  "use strict";

  const table = document.querySelector("[data-grid]");
  if (!table) return;
  const form = table.closest("form");
  const status = form.querySelector("[data-week-status]");
  const heads = [...table.querySelectorAll("thead th .name")].map((name) => name.textContent);
  const NARROW = matchMedia("(max-width: 720px)");

  const say = (text) => {
    // The same words twice are two announcements.
    status.textContent = "";
    requestAnimationFrame(() => { status.textContent = text; });
  };
  const cells = () =>
    [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td[data-day]")]);
  const input = (cell) => cell.querySelector("input:not([type=hidden])");
  const hidden = (cell, name) => cell.querySelector(`input[name$="-${name}"]`);

  const read = (text) => {
    const said = /^(?:(\d{1,3})\s*[h:]\s*(\d{1,2})?|(\d{1,4})\s*(?:min|mn|['’′])?)$/i.exec(text.trim());
    if (!said) return null;
    return said[1] === undefined ? Number(said[3]) : Number(said[1]) * 60 + Number(said[2] ?? 0);
  };
  const write = (minutes) => {
    const hours = Math.floor(minutes / 60);
    const rest = minutes % 60;
    if (!hours) return minutes ? `${rest}\u00a0min` : "";
    return rest ? `${hours}\u00a0h\u00a0${String(rest).padStart(2, "0")}` : `${hours}\u00a0h`;
  };
  const minutesOf = (cell) => {
    const fixed = Number(cell.querySelector("[data-minutes]")?.dataset.minutes ?? 0);
    return fixed + (input(cell) ? (read(input(cell).value) ?? 0) : 0);
  };

  // Totals follow what is typed.
  const sum = () => {
    const days = [0, 0, 0, 0, 0, 0, 0];
    cells().forEach((row, index) => {
      let total = 0;
      for (const cell of row) {
        const minutes = minutesOf(cell);
        total += minutes;
        days[Number(cell.dataset.day)] += minutes;
        const field = input(cell);
        const typed = field?.value.trim() ?? "";
        const was = hidden(cell, "was")?.value ?? "";
        cell.classList.toggle("changed", Boolean(field) && typed !== field.defaultValue.trim());
        cell.classList.toggle("filled", Boolean(minutes || typed || was));
      }
      table.tBodies[0].rows[index].querySelector("[data-row-total]").textContent = write(total);
    });
    for (const place of form.querySelectorAll("[data-day-total]")) {
      place.textContent = write(days[Number(place.dataset.dayTotal)]);
    }
    table.querySelector("[data-total]").textContent = write(days.reduce((a, b) => a + b, 0));
  };

  // One cell at a time is in the order of the Tab key: the others are reached by arrows.
  let here = null;
  let before = null;
  const enter = (cell) => {
    if (here) here.tabIndex = -1;
    here = cell;
    cell.tabIndex = 0;
  };
  const go = (cell) => {
    if (!cell) return;
    enter(cell);
    cell.focus();
  };
  const place = (cell) => {
    const rows = cells();
    const row = rows.findIndex((items) => items.includes(cell));
    return [rows, row, rows[row].indexOf(cell)];
  };
  const step = (cell, down, right) => {
    const [rows, row, column] = place(cell);
    return rows[row + down]?.[column + right];
  };
  const edit = (cell, text) => {
    const field = input(cell);
    if (!field) {
      cell.querySelector("a")?.click();
      return;
    }
    before = field.value;
    if (text !== undefined) field.value = text;
    field.focus();
    if (text === undefined) field.select();
    sum();
  };
  const editing = () => document.activeElement?.matches("[data-grid] td input");

  const ready = () => {
    const wide = !NARROW.matches;
    for (const row of cells()) {
      for (const cell of row) {
        const fields = cell.querySelectorAll("input:not([type=hidden]), a");
        for (const field of fields) field.tabIndex = wide ? -1 : 0;
        if (wide) cell.tabIndex = -1;
        else cell.removeAttribute("tabindex");
        // A field keeps the mouse for its text: what is dragged is held beside it.
        if (input(cell) && !cell.querySelector(".grip")) {
          const grip = document.createElement("span");
          grip.className = "grip";
          grip.draggable = true;
          grip.setAttribute("aria-hidden", "true");
          grip.textContent = "⠿";
          input(cell).before(grip);
        }
      }
    }
    const first = here ?? cells()[0]?.[0];
    if (wide && first) enter(first);
  };

  // An act goes to another day: what says it changes place, the grid records it with the rest.
  const move = (from, to) => {
    if (!to || from === to || !input(from)) return;
    const [, , column] = place(to);
    const day = heads[column];
    if (!input(to) || input(to).value.trim() || hidden(to, "act").value) {
      say(`Impossible : ${day} a déjà une durée sur cette ligne.`);
      return;
    }
    if (!input(from).value.trim()) {
      say("Cette case est vide.");
      return;
    }
    for (const name of ["act", "version", "was"]) {
      hidden(to, name).value = hidden(from, name).value;
      hidden(from, name).value = "";
    }
    input(to).value = input(from).value;
    input(from).value = "";
    sum();
    ready();
    go(to);
    say(`${input(to).value} : déplacé à ${day}. Enregistrez la semaine pour le garder.`);
  };

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td[data-day]");
    if (!cell) return;
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[name=geste]"));
      return;
    }
    if (NARROW.matches) return;
    if (editing()) {
      if (event.key === "Enter") {
        event.preventDefault();
        sum();
        const field = input(cell);
        if (field.value.trim() && read(field.value) === null) {
          say("Durée illisible : écrivez par exemple 90, 1h30 ou 45 min.");
          field.select();
          return;
        }
        go(step(cell, 1, 0) ?? cell);
      } else if (event.key === "Escape") {
        event.preventDefault();
        input(cell).value = before ?? input(cell).defaultValue;
        sum();
        go(cell);
      } else if (event.key === "Tab") {
        const next = step(cell, 0, event.shiftKey ? -1 : 1);
        if (next) {
          event.preventDefault();
          go(next);
        }
      }
      return;
    }
    const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const row = place(cell)[0][place(cell)[1]];
    if (event.key in arrows) {
      event.preventDefault();
      const next = step(cell, ...arrows[event.key]);
      if (event.altKey && arrows[event.key][0] === 0) move(cell, next);
      else go(next);
    } else if (event.key === "Home") {
      event.preventDefault();
      go(event.ctrlKey ? cells()[0][0] : row[0]);
    } else if (event.key === "End") {
      event.preventDefault();
      go(event.ctrlKey ? cells().at(-1).at(-1) : row.at(-1));
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      edit(cell);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      if (input(cell)) {
        input(cell).value = "";
        sum();
        say("Case vidée. Enregistrez la semaine pour annuler l’acte.");
      }
    } else if (event.key === "Escape" && input(cell)) {
      input(cell).value = input(cell).defaultValue;
      sum();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey && event.key !== " ") {
      event.preventDefault();
      edit(cell, event.key);
    }
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td[data-day]");
    if (cell && !NARROW.matches) enter(cell);
  });
  table.addEventListener("click", (event) => {
    const cell = event.target.closest("td[data-day]");
    if (cell && !NARROW.matches && event.target === cell) cell.focus();
  });
  table.addEventListener("focusin", (event) => {
    if (editing()) before = event.target.value;
  });
  table.addEventListener("input", sum);

  // Cells copied from a spreadsheet fill those from here on, to the right and down.
  table.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "");
    const cell = event.target.closest("td[data-day]");
    if (!cell || NARROW.matches || (editing() && !/[\t\n]/.test(text))) return;
    event.preventDefault();
    let pasted = 0;
    text.split(/\r?\n/).forEach((line, down) => {
      line.split("\t").forEach((value, right) => {
        const place = step(cell, down, right);
        if (!value.trim() || !place || !input(place)) return;
        input(place).value = value.trim();
        pasted += 1;
      });
    });
    sum();
    say(`${pasted} ${pasted > 1 ? "durées collées" : "durée collée"}. Relisez, puis enregistrez la semaine.`);
  });

  let dragged = null;
  table.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".grip")?.closest("td[data-day]") ?? null;
    if (!dragged) return;
    event.dataTransfer.setData("text/plain", input(dragged).value);
    event.dataTransfer.setDragImage(input(dragged), 10, 10);
  });
  const target = (event) => {
    const cell = event.target.closest?.("td[data-day]");
    return dragged && cell && cell !== dragged && cell.parentElement === dragged.parentElement ? cell : null;
  };
  const mark = (cell) => {
    for (const other of table.querySelectorAll("td.target")) other.classList.remove("target");
    cell?.classList.add("target");
  };
  table.addEventListener("dragover", (event) => {
    const cell = target(event);
    mark(cell);
    if (cell) event.preventDefault();
  });
  table.addEventListener("drop", (event) => {
    const cell = target(event);
    mark(null);
    if (cell) {
      event.preventDefault();
      move(dragged, cell);
    }
  });
  table.addEventListener("dragend", () => { dragged = null; mark(null); });

  // Copying a day needs no page: durations go into the cells that are empty.
  const copy = form.querySelector("button[value=copier]");
  copy?.addEventListener("click", (event) => {
    event.preventDefault();
    const source = form.elements.copy_from.selectedIndex;
    const goal = form.elements.copy_to.selectedIndex;
    let copied = 0;
    for (const row of cells()) {
      const there = input(row[source]);
      const field = input(row[goal]);
      const free = field && !field.value.trim() && !hidden(row[goal], "act").value;
      if (source !== goal && there?.value.trim() && free) {
        field.value = there.value;
        copied += 1;
      }
    }
    sum();
    say(`${copied} ${copied > 1 ? "durées copiées" : "durée copiée"} vers ${heads[goal]}. Relisez, puis enregistrez la semaine.`);
  });

  // What is typed and not recorded is not left without a word.
  let sent = false;
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", (event) => {
    if (!sent && table.querySelector("td.changed")) event.preventDefault();
  });

  NARROW.addEventListener("change", ready);
  ready();
  sum();
})();
