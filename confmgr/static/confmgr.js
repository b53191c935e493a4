/* Conveniences on top of pages that work without it: menus that close, a form sent once, a chain's lines. */
"use strict";

const NS = "http://www.w3.org/2000/svg";

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!except || !menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  const dismiss = event.target.closest("[data-dismiss]");
  if (dismiss) dismiss.closest(".notice").remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.activeElement.closest("details.menu[open]");
    closeMenus();
    if (menu) menu.querySelector("summary").focus();
  }
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && !typing && search && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", "true");
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
});

document.addEventListener("change", (event) => {
  const all = event.target;
  if (!all.matches("[data-check-all]")) return;
  for (const box of all.closest("form, table").querySelectorAll("tbody input[type=checkbox]")) box.checked = all.checked;
});

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    if (field.select) field.select();
    await navigator.clipboard.writeText(field.value ?? field.textContent);
    button.textContent = button.dataset.copied;
  });
}

function offerRows() {
  for (const button of document.querySelectorAll("[data-add-row]")) button.hidden = false;
}

offerRows();
document.addEventListener("confmgr:drawn", offerRows);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-row]");
  if (!button) return;
  const rows = button.closest("fieldset").querySelector("[data-rows]");
  const row = rows.lastElementChild.cloneNode(true);
  for (const input of row.querySelectorAll("input")) input.value = "";
  rows.append(row);
  row.firstElementChild.focus();
});

/** The box of a card inside its chain, in the chain's own coordinates. */
function boxIn(chain, card) {
  const outer = chain.getBoundingClientRect();
  const inner = card.getBoundingClientRect();
  const start = inner.left - outer.left + chain.scrollLeft;
  const top = inner.top - outer.top;
  return { start, end: start + inner.width, top, bottom: top + inner.height, middle: top + inner.height / 2 };
}

function svg(name, attributes) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Where a line that passes other columns can run without crossing a card: its own height if free, else below them. */
function lane(between, wanted) {
  const inTheWay = between.filter((box) => wanted > box.top - 10 && wanted < box.bottom + 10);
  return inTheWay.length ? Math.max(...between.map((box) => box.bottom)) + 18 : wanted;
}

function bend(x1, y1, x2, y2) {
  const middle = (x1 + x2) / 2;
  return `C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

function drawLink(layer, from, to, between, kind) {
  const rightward = to.start >= from.start;
  const x1 = rightward ? from.end : from.start;
  const tip = rightward ? to.start : to.end;
  const sign = rightward ? 1 : -1;
  const arrow = kind === "backwards" ? 0 : 9;
  const x2 = tip - sign * arrow;
  const [y1, y2] = [from.exit, to.entry];
  let path = `M${x1} ${y1}`;
  if (between.length) {
    const y = lane(between, y1);
    const first = Math.min(...between.map((box) => (rightward ? box.start : -box.end))) * sign;
    const last = Math.max(...between.map((box) => (rightward ? box.end : -box.start))) * sign;
    path += bend(x1, y1, first, y) + `L${last} ${y}` + bend(last, y, x2, y2);
  } else {
    path += bend(x1, y1, x2, y2);
  }
  layer.append(svg("path", { d: path, class: kind }));
  if (arrow) {
    const d = `M${tip} ${y2}l${-sign * 10} -5v10z`;
    layer.append(svg("path", { d, class: `head-of ${kind}` }));
  }
}

/** Spread the ends of several lines over a card's side, in the order of the cards they go to. */
function spread(links, end, side) {
  const groups = new Map();
  for (const link of links) groups.set(link[end], [...(groups.get(link[end]) || []), link]);
  for (const [card, group] of groups) {
    const other = end === "from" ? "to" : "from";
    group.sort((a, b) => a[other].middle - b[other].middle);
    group.forEach((link, place) => {
      const gap = Math.min(16, (card.bottom - card.top) / (group.length + 1));
      link[side] = card.middle + (place - (group.length - 1) / 2) * gap;
    });
  }
}

function drawChain(chain) {
  chain.querySelector(".chain-lines")?.remove();
  const columns = [...chain.querySelectorAll(".chain-column")];
  const boxes = new Map();
  columns.forEach((column, number) => {
    for (const card of column.querySelectorAll(".chain-card")) boxes.set(card.id, { ...boxIn(chain, card), number });
  });
  const links = [];
  for (const item of chain.querySelectorAll("[data-to]")) {
    const from = boxes.get(item.closest(".chain-card").id);
    const to = boxes.get(item.dataset.to);
    if (to) links.push({ from, to, kind: item.dataset.kind || "plain" });
  }
  spread(links, "from", "exit");
  spread(links, "to", "entry");
  const layer = svg("svg", { class: "chain-lines", width: chain.scrollWidth, height: chain.scrollHeight, "aria-hidden": "true" });
  links.sort((a, b) => (a.kind === "walked") - (b.kind === "walked"));
  for (const { from, to, kind, exit, entry } of links) {
    const [low, high] = [Math.min(from.number, to.number), Math.max(from.number, to.number)];
    const between = [...boxes.values()].filter((box) => box.number > low && box.number < high);
    drawLink(layer, { ...from, exit }, { ...to, entry }, between, kind);
  }
  chain.append(layer);
  chain.classList.add("drawn");
}

function drawChains() {
  for (const chain of document.querySelectorAll(".chain")) drawChain(chain);
}

let waiting = 0;
new ResizeObserver(() => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(drawChains);
}).observe(document.documentElement);
document.fonts?.ready.then(drawChains);

document.querySelector(".summary-errors")?.focus();
