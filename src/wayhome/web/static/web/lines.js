// What was understood of lines while they are typed, and saving by Ctrl + Enter. Without it the same lines are sent and read.
"use strict";
(() => {
  const panel = document.querySelector("[data-reading]");
  const typed = document.querySelector("[data-lines]");
  const form = document.querySelector("form[data-quick]");
  if (form) {
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
    });
  }
  if (!panel || !typed) { return; }
  const list = panel.querySelector("ol");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const piece = (name, text, of) => { const one = document.createElement(name); one.textContent = text; if (of) { one.className = of; } return one; };
  const row = (line) => {
    const item = document.createElement("li");
    item.append(piece("span", line.n ? String(line.n) : "·", "number"));
    if (line.kind) { item.append(piece("span", line.kind, "tag")); }
    if (line.said) { item.append(piece("strong", line.said)); }
    for (const fact of line.facts) {
      const told = piece("span", "", "fact");
      if (fact.kind !== line.kind) { told.append(piece("small", `${fact.kind} `)); }
      told.append(piece("strong", fact.value));
      item.append(told);
    }
    if (line.wrong) { item.className = "wrong"; item.append(piece("span", line.wrong, "error")); }
    return item;
  };
  const show = (lines) => { list.replaceChildren(...(lines.length ? lines.map(row) : [piece("li", panel.dataset.none, "none")])); };
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    if (!typed.value.trim()) { show([]); return; }
    try {
      const answer = await fetch(panel.dataset.reading, {
        method: "POST",
        redirect: "error",
        headers: { "X-CSRFToken": token },
        body: new URLSearchParams({ lines: typed.value, there: panel.dataset.there }),
      });
      const told = answer.ok ? await answer.json() : null;
      if (told && mine === asked) { show(told.lines); }
    } catch { /* no connection: the lines are read when they are sent */ }
  };
  let waiting;
  typed.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 200); });
  addEventListener("pageshow", look);
  panel.hidden = false;
  show([]);
})();
