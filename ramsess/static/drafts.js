/* What is typed survives a lost network, an expired sign-in, a closed tab.
   The server keeps it; while it cannot, this browser does, enciphered with a key that only a page
   of who is signed in is given. */
(() => {
  "use strict";

  const LOCAL = "brouillon:";
  const KEPT = 7 * 24 * 3600 * 1000;
  const names = () => Object.keys(localStorage).filter((name) => name.startsWith(LOCAL));
  const stored = (name) => JSON.parse(localStorage.getItem(name));
  const drop = (id) => localStorage.removeItem(LOCAL + id);

  for (const name of names()) {
    if (!(Date.now() - stored(name).at < KEPT)) localStorage.removeItem(name);
  }
  // The server says which form it recorded.
  const recorded = /(?:^|; )enregistre=([0-9a-f-]+)/.exec(document.cookie);
  if (recorded) {
    drop(recorded[1]);
    document.cookie = "enregistre=; Max-Age=0; Path=/; SameSite=Strict";
  }
  document.querySelector("form.site-account")?.addEventListener("submit", () => {
    for (const name of names()) localStorage.removeItem(name);
  });

  const routes = document.querySelector("meta[name=drafts]");
  if (!routes) return;
  const [reading, keeping, forgetting] = routes.content.split(" ");
  const token = document.querySelector("input[name=csrf_token]").value;
  let key = null;

  const post = (address, fields, more = {}) =>
    fetch(address, {
      method: "POST",
      body: new URLSearchParams([["csrf_token", token], ...fields]),
      ...more,
    });
  const bytes = (text) => Uint8Array.from(atob(text), (ch) => ch.charCodeAt(0));
  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
  const hour = (at) => {
    const then = new Date(at);
    const day = then.toDateString() === new Date().toDateString()
      ? "" : `${then.toLocaleDateString("fr-FR", { day: "numeric", month: "long" })} à `;
    return `${day}${then.getHours()}:${String(then.getMinutes()).padStart(2, "0")}`;
  };

  const seal = async (id, what) => {
    if (!key) return;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(what));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain);
    const sealed = JSON.stringify({ at: what.at, iv: text(iv), data: text(data) });
    try {
      localStorage.setItem(LOCAL + id, sealed);
    } catch { /* No room left: the page itself still holds it. */ }
  };
  const open = async (name) => {
    try {
      const { iv, data } = stored(name);
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, key, bytes(data));
      return { id: name.slice(LOCAL.length), ...JSON.parse(new TextDecoder().decode(plain)) };
    } catch {
      return null; // Somebody else's, or of before a change of password.
    }
  };

  const told = (fields) =>
    JSON.stringify(fields.filter(([name]) => !["csrf_token", "draft", "request_key"].includes(name)));

  class Draft {
    constructor(form) {
      this.form = form;
      this.address = new URL(form.action, location.href).pathname;
      this.id = crypto.randomUUID?.() ?? `${Date.now()}`;
      this.status = document.createElement("p");
      this.status.className = "draft-status";
      this.status.setAttribute("aria-live", "polite");
      const end = form.querySelector(".actions") ?? [...form.querySelectorAll("[type=submit]")].at(-1);
      (end ?? form.lastElementChild).after(this.status);
      form.addEventListener("input", () => this.typed());
      const mark = document.createElement("input");
      Object.assign(mark, { type: "hidden", name: "draft", value: this.id });
      form.append(mark);
    }

    fields() {
      return [...new FormData(this.form)].filter(([name]) => name !== "csrf_token" && name !== "draft");
    }

    typed() {
      this.dirty = true;
      clearTimeout(this.local);
      clearTimeout(this.remote);
      this.local = setTimeout(() => this.keepHere(), 300);
      this.remote = setTimeout(() => this.keep(), 1200);
    }

    keepHere(waiting = false) {
      return seal(this.id, {
        at: Date.now(),
        form: this.address,
        fields: this.fields(),
        waiting,
        waited: this.submitter,
      });
    }

    keep(last = false) {
      this.kept = this.keepNow(last);
      return this.kept;
    }

    async keepNow(last) {
      if (!this.dirty || this.sending) return;
      clearTimeout(this.remote);
      this.dirty = false;
      try {
        const said = [["form", this.address], ["text", JSON.stringify(this.fields())]];
        const answer = await post(keeping, said, { keepalive: last });
        if (!answer.ok) throw answer;
        if (!this.dirty) drop(this.id);
        this.say(`Brouillon gardé à ${(await answer.json()).at}`);
      } catch (problem) {
        this.dirty = true;
        await this.keepHere();
        this.say(problem instanceof Response && problem.status === 401
          ? "Votre session a expiré : votre texte est gardé ici, chiffré. Reconnectez-vous pour le retrouver."
          : "Pas de réseau : votre texte est gardé ici, chiffré.");
      }
    }

    say(words) {
      this.status.textContent = words;
    }

    offer({ at, fields, id, refused }) {
      const here = told(this.fields());
      if (told(fields) === here) return;
      const box = document.createElement("div");
      box.className = "draft-offer";
      const label = document.createElement("span");
      label.textContent = `${refused ? "Pas encore enregistré, brouillon" : "Brouillon"} de ${hour(at)} :`;
      const button = (words, work) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "btn btn-sm btn-outline-primary";
        made.textContent = words;
        made.addEventListener("click", () => { box.remove(); work(); });
        return made;
      };
      box.append(
        label,
        button("Reprendre", () => {
          this.put(fields);
          this.typed();
          this.focus();
          // What a line fills in is read again.
          this.form.elements.phrase?.dispatchEvent(new Event("input"));
        }),
        button("Jeter", () => { this.forget(id); this.focus(); }),
      );
      this.form.prepend(box);
    }

    focus() {
      this.form.querySelector("[autofocus], input:not([type=hidden]), textarea, select")?.focus();
    }

    put(fields) {
      const said = new Map();
      for (const [name, value] of fields) said.set(name, [...(said.get(name) ?? []), value]);
      for (const field of this.form.elements) {
        const unsaid = ["csrf_token", "draft", ""].includes(field.name) || field.type === "submit";
        if (unsaid) continue;
        const values = said.get(field.name) ?? [];
        const before = field.type === "checkbox" ? field.checked : field.value;
        if (["checkbox", "radio"].includes(field.type)) {
          field.checked = values.includes(field.value);
        } else if (field.multiple) {
          for (const option of field.options) option.selected = values.includes(option.value);
        } else if (values.length) {
          // Fields of one name, in their order.
          field.value = values.length > 1 ? values.shift() : values[0];
        }
        const after = field.type === "checkbox" ? field.checked : field.value;
        if (before !== after) field.closest("details")?.setAttribute("open", "");
      }
    }

    async forget(id) {
      drop(id ?? this.id);
      await post(forgetting, [["form", this.address]]).catch(() => null);
    }

    async send(submitter) {
      clearTimeout(this.local);
      clearTimeout(this.remote);
      this.submitter = submitter?.name ? [submitter.name, submitter.value] : null;
      // A draft that arrives after its form would stay.
      await this.kept;
      if (this.dirty) await this.keepHere();
      if (await reachable()) {
        this.sending = true;
        // Not before this event is over: a form that is being submitted ignores the request.
        setTimeout(() => this.form.requestSubmit(submitter));
      } else {
        await this.keepHere(true);
        this.say("En attente du réseau : sera envoyé dès qu’il revient.");
        later();
      }
    }
  }

  const reachable = async () => {
    if (!navigator.onLine) return false;
    try {
      const wait = AbortSignal.timeout ? { signal: AbortSignal.timeout(5000) } : {};
      return (await fetch("/statique/ramsess.svg", { method: "HEAD", cache: "no-store", ...wait })).ok;
    } catch {
      return false;
    }
  };

  const drafts = [...document.querySelectorAll("main form[method=post]")]
    .filter((form) => form.querySelector("input[name$=request_key], input[name=version]"))
    // Diagnostics keep themselves; what a file or a password is in stays out of it.
    .filter((form) => !form.hasAttribute("data-autosave"))
    .filter((form) => !form.querySelector("input[type=file], input[type=password]"))
    .map((form) => new Draft(form));
  const of = (form) => drafts.find((draft) => draft.form === form);

  // Before any other script of the page hears of it.
  document.addEventListener("submit", (event) => {
    const draft = of(event.target);
    if (!draft || draft.sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    draft.send(event.submitter);
  }, true);
  addEventListener("pageshow", () => {
    for (const draft of drafts) draft.sending = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const draft of drafts) draft.keep(true);
  });

  // What waits for the network is sent as it was typed: sent twice, it is recorded once.
  let waiting = 0;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => sendWaiting(), 5000);
  };
  const sendWaiting = async () => {
    clearTimeout(waiting);
    for (const item of (await Promise.all(names().map(open))).filter((one) => one?.waiting)) {
      const draft = drafts.find((one) => one.address === item.form);
      if (!(await reachable())) return later();
      const body = [...item.fields, ["draft", item.id], ...(item.waited ? [item.waited] : [])];
      const answer = await post(item.form, body, { redirect: "manual" }).catch(() => null);
      if (!answer) return later();
      if (answer.type === "opaqueredirect") {
        drop(item.id);
        if (draft) draft.sending = true;
        sessionStorage.setItem("enregistre", Date.now());
        location.assign(location.pathname);
        return undefined;
      }
      if (answer.status === 401) {
        draft?.say("Votre session a expiré : reconnectez-vous, votre saisie sera envoyée ensuite.");
        return undefined;
      }
      const kept = { ...item, waiting: false, refused: true };
      await seal(item.id, kept);
      draft?.say("Le réseau est revenu, mais la saisie demande votre attention.");
      draft?.offer(kept);
    }
    return undefined;
  };
  addEventListener("online", () => sendWaiting());

  const arrived = sessionStorage.getItem("enregistre");
  if (arrived) {
    sessionStorage.removeItem("enregistre");
    const word = document.createElement("div");
    word.className = "alert alert-success";
    word.setAttribute("role", "status");
    word.textContent = `Le réseau est revenu : enregistré à ${hour(Number(arrived))}.`;
    document.querySelector("h1").after(word);
  }

  const begin = async () => {
    if (!drafts.length && !names().length) return;
    const answer = await post(reading, drafts.map((draft) => ["form", draft.address]));
    if (!answer.ok) return;
    const known = await answer.json();
    // Only where the browser trusts the connection: elsewhere the server alone keeps drafts.
    const uses = ["encrypt", "decrypt"];
    key = (await crypto.subtle?.importKey("raw", bytes(known.key), "AES-GCM", false, uses)) ?? null;
    const here = key ? (await Promise.all(names().map(open))).filter(Boolean) : [];
    for (const draft of drafts) {
      const found = [...known.drafts, ...here.filter((item) => !item.waiting)]
        .filter((item) => item.form === draft.address)
        .sort((one, other) => other.at - one.at);
      if (found.length) draft.offer(found[0]);
    }
    await sendWaiting();
  };
  begin().catch(() => null);
})();
