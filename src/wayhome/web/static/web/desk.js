// What the pages can do with a script. Everything works without it.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const signedIn = document.body.hasAttribute("data-signed-in");

  // "/" goes to the search by number; Esc hides the screen, and shows it again.
  const cover = $(".cover");
  const hide = (on) => { if (cover) { cover.hidden = !on; if (on) { document.title = "wayhome"; } } };
  const title = document.title;
  const toggle = () => { hide(cover.hidden); if (cover.hidden) { document.title = title; } };
  const hider = $("[data-hide]");
  if (cover && hider) {
    hider.hidden = false;
    hider.addEventListener("click", toggle);
    cover.addEventListener("click", toggle);
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && $("#q")) { event.preventDefault(); $("#q").focus(); }
    if (event.key === "Escape" && cover) { toggle(); }
  });
  // An unattended screen hides itself after two minutes.
  if (cover) {
    let resting;
    const rest = () => { clearTimeout(resting); resting = setTimeout(() => hide(true), 120000); };
    for (const name of ["pointerdown", "keydown", "scroll"]) { addEventListener(name, rest, { passive: true }); }
    rest();
  }

  for (const button of all("[data-unblur]")) { button.addEventListener("click", () => button.classList.toggle("shown")); }
  for (const button of all("[data-print]")) { button.hidden = false; button.addEventListener("click", () => print()); }
  $("[data-focus]")?.focus();
  // A passkey that was refused, cancelled or is another phone's.
  document.addEventListener("allauth.error", (event) => { event.preventDefault(); $("[data-passkey-failed]").hidden = false; });

  // A page that waits for something looks whether there is news, and opens again when there is.
  const looking = $("[data-look]");
  if (looking) {
    const look = async () => {
      try {
        const answer = await fetch(`${location.pathname}?state`, { redirect: "error" });
        if (answer.ok && (await answer.text()) !== looking.dataset.look) { location.replace(location.pathname); return; }
      } catch { /* no connection: the next look may have one */ }
      setTimeout(look, 2000);
    };
    setTimeout(look, 2000);
  }

  // What was unfolded stays so when a page opens itself again.
  for (const fold of all("details[data-stays]")) {
    const name = `wayhome:${location.pathname}#${fold.dataset.stays}`;
    fold.open = sessionStorage.getItem(name) === "open";
    fold.addEventListener("toggle", () => { if (fold.open) { sessionStorage.setItem(name, "open"); } else { sessionStorage.removeItem(name); } });
  }

  for (const told of all("[data-file]")) {
    const input = document.getElementById(told.htmlFor.value);
    const tell = () => { told.hidden = !input.files.length; $("span", told).textContent = input.files.length ? input.files[0].name : ""; };
    input.addEventListener("change", tell);
    addEventListener("pageshow", tell);
  }

  // A box for a day speaks the browser's language; beside it stands in the page's what it means.
  const full = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeZone: "UTC" });
  for (const said of all("[data-day]")) {
    const input = document.getElementById(said.htmlFor.value);
    const tell = () => {
      const [, time] = input.value.split("T");
      said.textContent = input.value ? [full.format(input.valueAsNumber), time].filter(Boolean).join(" · ") : "";
    };
    input.addEventListener("input", tell);
    addEventListener("pageshow", tell);
  }

  for (const quick of all("[data-fill]")) {
    const fields = quick.dataset.fill.split(",").map((name) => $(`[name="${name}"]`));
    for (const button of all("button", quick)) {
      button.hidden = false;
      button.addEventListener("click", () => button.dataset.values.split(",").forEach((value, i) => { fields[i].value = value; }));
    }
  }

  // What was typed stays through a switch of language and through a session that ended: in this tab, until the next page.
  const key = `wayhome:${location.pathname}`;
  const form = $("form[data-keep]");
  const kept = (field) => field.name === "marks" || (field.name && !["hidden", "file", "password", "submit"].includes(field.type));
  const keep = () => {
    const values = [...form.elements].filter(kept).map((field) => [field.name, field.type === "radio" || field.type === "checkbox" ? [field.value, field.checked] : field.value]);
    sessionStorage.setItem(key, JSON.stringify(values));
  };
  if (form && signedIn) {
    const typed = sessionStorage.getItem(key);
    if (typed && !$(".against")) {
      for (const [name, value] of JSON.parse(typed)) {
        const fields = all("input, select, textarea", form).filter((field) => field.name === name);
        if (Array.isArray(value)) {
          for (const field of fields) { if (field.value === value[0]) { field.checked = value[1]; } }
        } else if (fields[0] && value) { fields[0].value = value; }
      }
    }
    form.addEventListener("submit", keep);
    $(".languages")?.addEventListener("submit", keep);
  } else if (signedIn) {
    for (const name of Object.keys(sessionStorage)) { if (name.startsWith("wayhome:")) { sessionStorage.removeItem(name); } }
  }
  $("form[action$='/logout/']")?.addEventListener("submit", () => sessionStorage.clear());
  if (form) {
    // One tap, one write; the server keeps to that too.
    form.addEventListener("submit", () => setTimeout(() => all("button", form).forEach((button) => { button.disabled = true; })));
    addEventListener("pageshow", () => all("button", form).forEach((button) => { button.disabled = false; }));
  }

  // The body map writes "place:kind" lines into a hidden field.
  const map = $("[data-bodymap]");
  if (map) {
    const field = document.getElementById(map.dataset.bodymap);
    const lists = $("[data-without-script]");
    const words = new Map(all("option", $("select[name=mark_0]")).filter((one) => one.value).map((one) => [one.value, one.textContent]));
    const places = new Map(all("path", map).map((path) => [path.dataset.place, path.getAttribute("aria-label")]));
    let marks = field.value.split("\n").filter(Boolean);
    for (const pair of all(".pair", lists)) {
      const [place, kind] = all("select", pair);
      if (place.value && kind.value) { marks.push(`${place.value}:${kind.value}`); place.value = kind.value = ""; }
    }
    let now = "";
    const draw = () => {
      field.value = marks.join("\n");
      const marked = new Set(marks.map((mark) => mark.split(":")[0]));
      for (const path of all("path", map)) {
        path.classList.toggle("marked", marked.has(path.dataset.place));
        path.classList.toggle("now", path.dataset.place === now);
      }
      const list = $("[data-marks]", map);
      list.replaceChildren(...marks.map((mark, i) => {
        const [place, kind] = mark.split(":");
        const line = document.createElement("li");
        const what = document.createElement("span");
        what.textContent = `${words.get(kind)}, ${places.get(place)}`;
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "plain";
        remove.textContent = list.dataset.remove;
        remove.addEventListener("click", () => { marks.splice(i, 1); draw(); });
        line.append(what, remove);
        return line;
      }));
      $(".choose", map).hidden = !now;
      $("[data-chosen]", map).textContent = now ? places.get(now) : "";
    };
    $("[data-kinds]", map).append(...[...words].map(([kind, word]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = word;
      button.addEventListener("click", () => { marks.push(`${now}:${kind}`); now = ""; draw(); });
      return button;
    }));
    const choose = (event) => {
      const path = event.target.closest("path");
      if (path && (event.type === "click" || event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        now = path.dataset.place;
        draw();
        $(".choose", map).scrollIntoView({ block: "nearest" });
      }
    };
    map.addEventListener("click", choose);
    map.addEventListener("keydown", choose);
    map.hidden = false;
    lists.hidden = true;
    draw();
  }

  // The map of the placement desk: a child that is pointed at, or moved to, tells where it goes and why not nearer.
  const atlas = $("[data-map]");
  if (atlas) {
    const panel = $("[data-why]", atlas);
    const rows = new Map(all("li[data-child]").map((row) => [row.dataset.child, row]));
    let now = "";
    const show = (child) => {
      if (child === now || !rows.has(child)) { return; }
      now = child;
      for (const one of all("[data-child]")) { one.classList.toggle("now", one.dataset.child === child); }
      const row = rows.get(child);
      const who = document.createElement("p");
      who.append($("a", row).cloneNode(true));
      const told = all("[data-goal], [data-reasons]", row).map((one) => one.cloneNode(true));
      panel.replaceChildren(who, ...told);
    };
    const seen = (event) => { const one = event.target.closest?.("[data-child]"); if (one) { show(one.dataset.child); } };
    document.addEventListener("pointerover", seen);
    document.addEventListener("focusin", seen);
    panel.hidden = false;
  }
})();
