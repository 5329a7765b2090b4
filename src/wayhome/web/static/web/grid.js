// Alleles that are typed one after the other. Without it the same boxes are filled and sent.
"use strict";
(() => {
  const grid = document.querySelector("[data-grid]");
  if (!grid) { return; }
  const rows = [...grid.querySelectorAll("tbody tr")].map((row) => ({ row, boxes: [...row.querySelectorAll("input")] }));
  const boxes = rows.flatMap((one) => one.boxes);
  // As the house reads it: 9,3 is 9.3; a blank, a slash or a comma parts two alleles.
  const read = (text) => text.normalize("NFKC").toUpperCase().replace(/^([XY])([XY])$/, "$1 $2").replace(/(\d),(?=[1-4](?!\d))/g, "$1.").split(/[\s,;/+]+/).filter(Boolean);
  const same = (allele) => allele.replace(/^0+(?=\d)/, "").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  const tidy = ({ row, boxes: [first, second] }) => {
    const told = read(`${first.value} ${second.value}`);
    if (read(first.value).length === 2 && !second.value.trim()) { [first.value, second.value] = told; }
    else if (read(first.value).length < 2 && read(second.value).length < 2) { first.value = read(first.value).join(""); second.value = read(second.value).join(""); }
    const known = first.dataset.known.split(" ").filter(Boolean);
    const strange = known.length ? told.map(same).filter((allele) => /^[\d.XY]+$/.test(allele) && !known.includes(allele)) : [];
    row.querySelector("[data-note]").textContent = strange.length ? `${[...new Set(strange)].join(", ")}: ${grid.dataset.strange}` : "";
    row.classList.toggle("amber", strange.length > 0 || row.querySelector(".tag") !== null);
  };
  const go = (to) => { if (to) { to.focus(); to.select?.(); } };
  for (const one of rows) {
    for (const box of one.boxes) { box.addEventListener("change", () => tidy(one)); }
    tidy(one);
  }
  grid.addEventListener("keydown", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0 || event.isComposing) { return; }
    const step = { ArrowDown: 2, ArrowUp: -2 }[event.key];
    if (step) { event.preventDefault(); go(boxes[at + step]); return; }
    if (event.key !== "Enter") { return; }
    event.preventDefault();
    const one = rows[at >> 1];
    const [first, second] = one.boxes;
    const whole = read(first.value).length > 1;
    if (event.target === second && !second.value.trim() && first.value.trim() && !whole) { second.value = first.value; }
    tidy(one);
    // A locus without a result, and one whose two alleles came at once, have nothing to ask in their second box.
    const next = event.target === first && (whole || !first.value.trim()) ? at + 2 : at + 1;
    go(boxes[next] ?? grid.querySelector("button.primary"));
  });
  if (!document.querySelector(".against")) { boxes.find((box) => !box.value)?.focus(); }
})();
