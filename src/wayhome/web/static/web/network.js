// Draws what stands in the table, and filters the drawing. Without it the table says the same.
"use strict";
(() => {
  const box = document.querySelector("[data-network]");
  const source = document.getElementById("network-drawn");
  if (!box || !source || typeof cytoscape === "undefined") { return; }
  const told = JSON.parse(source.textContent);
  if (told.nodes.length < 2) { return; }
  box.hidden = false;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const shapes = { person: "ellipse", victim: "star", phone: "round-rectangle", account: "round-rectangle", vehicle: "round-rectangle", id: "round-rectangle", address: "diamond", place: "diamond", route: "hexagon" };
  const cy = cytoscape({
    container: box.querySelector(".canvas"),
    elements: [
      ...told.nodes.map((one) => ({ data: { ...one, shape: shapes[one.kind] || "ellipse" }, classes: one.start ? "start" : "" })),
      ...told.edges.map((one, i) => ({ data: { ...one, id: `tie${i}` }, classes: one.verb === "named" ? "named" : "" })),
    ],
    style: [
      { selector: "node", style: { shape: "data(shape)", label: "data(label)", "font-size": 12, color: colour("--ink"), "background-color": colour("--main"), width: 24, height: 24, "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "ellipsis", "text-max-width": 120, "text-outline-color": colour("--sheet"), "text-outline-width": 2 } },
      { selector: "node.start", style: { width: 36, height: 36, "border-width": 4, "border-color": colour("--focus") } },
      { selector: "edge", style: { label: "data(label)", "font-size": 10, color: colour("--soft"), "line-color": colour("--field"), "target-arrow-color": colour("--field"), "target-arrow-shape": "triangle", "curve-style": "bezier", width: 1.5, "text-outline-color": colour("--sheet"), "text-outline-width": 2 } },
      { selector: "edge.named", style: { "line-style": "dashed", "target-arrow-shape": "none" } },
    ],
    layout: { name: "breadthfirst", circle: true, roots: ".start", spacingFactor: 1, padding: 24 },
    wheelSensitivity: 0.3,
    minZoom: 0.2,
    maxZoom: 3,
    autounselectify: true,
  });
  cy.on("tap", "node", (event) => { const address = event.target.data("address"); if (address) { location.assign(address); } });
  const filters = document.querySelector("[data-filters]");
  const role = document.getElementById("role");
  const slider = box.querySelector("[data-slider]");
  const until = document.getElementById("until");
  const days = [...new Set(told.edges.map((one) => one.on).filter(Boolean))].sort();
  const draw = () => {
    const kinds = new Set([...filters.querySelectorAll("[data-kinds]")].filter((one) => one.checked).flatMap((one) => one.dataset.kinds.split(" ")));
    const last = days.length ? days[Number(until.value)] : "";
    if (slider && days.length) { slider.querySelector("output").textContent = last; }
    cy.batch(() => {
      cy.edges().forEach((edge) => {
        const fits = (!role.value || edge.data("role") === role.value) && (!edge.data("on") || !last || edge.data("on") <= last);
        edge.style("display", fits ? "element" : "none");
      });
      cy.nodes().forEach((node) => {
        const narrowed = role.value || (last && last !== days[days.length - 1]);
        const tied = node.connectedEdges().some((edge) => edge.style("display") === "element");
        node.style("display", node.data("start") || (kinds.has(node.data("kind")) && (tied || !narrowed)) ? "element" : "none");
      });
    });
    const shown = cy.nodes().filter((node) => node.style("display") === "element");
    box.dataset.shown = shown.map((node) => node.data("label")).sort().join("\n");
    cy.fit(shown, 24);
    if (cy.zoom() > 1.4) { cy.zoom(1.4); cy.center(shown); }
  };
  if (days.length > 1) { slider.hidden = false; until.max = days.length - 1; until.value = days.length - 1; }
  for (const one of [...filters.querySelectorAll("input"), role, until]) { one.addEventListener("input", draw); }
  filters.hidden = false;
  draw();
})();
