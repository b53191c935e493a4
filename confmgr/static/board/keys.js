/** The whole board by keyboard. Arrows go to the nearest card, or move the one in the hand. */

const SIDES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The nearest card in a direction on the screen. */
function nearest(cards, from, [x, y]) {
  const box = from.getBoundingClientRect();
  const [cx, cy] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  let best = null;
  let least = Infinity;
  for (const card of cards) {
    if (card === from) continue;
    const at = card.getBoundingClientRect();
    if (!at.width) continue;
    const [dx, dy] = [(at.left + at.right) / 2 - cx, (at.top + at.bottom) / 2 - cy];
    const ahead = dx * x + dy * y;
    if (ahead <= 2) continue;
    const far = ahead + 2.5 * Math.abs(x ? dy : dx);
    if (far < least) [best, least] = [card, far];
  }
  return best;
}

export function keys(board) {
  const { carry, root } = board;

  function arrow(event, element) {
    const [x, y] = SIDES[event.key];
    const mirrored = board.rtl ? -x : x;
    const [slots, tables] = board.across ? [mirrored, y] : [y, mirrored];
    if (carry.active) carry.nudge(slots, tables, event.shiftKey);
    else if (event.shiftKey && element) longer(element, slots);
    else if (element) {
      const part = board.tray.contains(element) ? board.tray : board.scroll;
      const next = nearest(part.querySelectorAll(".bd-day:not([hidden]) .card, .bd-tray > .card:not(.filtered)"), element, [x, y]);
      const tray = part === board.tray ? nearest(part.querySelectorAll(".card:not(.filtered)"), element, [x, y]) : null;
      board.focus(tray || next);
    } else return false;
    return true;
  }

  function longer(element, slots) {
    const card = board.card(element);
    if (!slots || !card.o) return;
    if (card.l) {
      board.tell(board.say("locked", { what: card.t }), { wrong: true });
      return;
    }
    if (card.d < 0) return;
    const n = Math.max(board.model.slot, card.n + slots * board.model.slot);
    if (card.s + n <= board.model.data.days[card.d].units) {
      board.move([[card, carry.whole(card, { d: card.d, s: card.s, n, c: card.c, w: card.w })]], { kind: "resize" });
    }
  }

  function command(name, element) {
    const cards = element ? board.selection(element) : [];
    const here = cards.filter((card) => card.o && card.d >= 0);
    if (name === "undo") board.undo();
    else if (name === "redo") board.redo();
    else if (name === "help") root.querySelector("[data-help]").showModal();
    else if (name === "conflicts" || name === "plan") board[name === "plan" ? "plan" : "panels"][name === "plan" ? "open" : "conflicts"]();
    else if (name === "find") board.panels.find();
    else if (name === "details" && element) board.panels.details(element.value, true);
    else if (name === "move" && element) location.assign(`${location.pathname}?move=${element.value}`);
    else if (name === "lock" && here.length) board.act("lock", here, { locked: !here.every((card) => card.l) });
    else if (name === "unplace" && here.some((card) => !card.l)) board.act("unplace", here.filter((card) => !card.l));
    else if (name === "unplace" && here.length) board.tell(board.say("locked", { what: here[0].t }), { wrong: true });
    else if (name === "swap") {
      if (cards.length === 2) board.act("swap", cards, { anyway: true });
      else board.tell(board.words.swap_two, { wrong: true });
    } else if ((name === "longer" || name === "shorter") && element) longer(element, name === "longer" ? 1 : -1);
    else if (name === "all") for (const one of root.querySelectorAll(".bd-day:not([hidden]) .card:not(.band)")) if (!board.chosen.has(one.value)) board.choose(one, true);
  }

  root.addEventListener("keydown", (event) => {
    if (!board.wide || event.target.closest("input, select, textarea, dialog")) return;
    const element = event.target.closest(".card");
    const control = event.ctrlKey || event.metaKey;
    const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    let done = true;
    if (event.key in SIDES && !event.altKey && !control) done = arrow(event, element);
    else if (carry.active) {
      if (event.key === "Enter" || event.key === " ") carry.finish({ anyway: event.altKey });
      else if (event.key === "Escape") {
        const { value } = carry.active.element;
        carry.end();
        board.focus(board.elements.get(value));
      } else if (event.key === "Tab") carry.end();
      else done = false;
      if (event.key === "Tab") return;
    } else if (control && letter === "z") command(event.shiftKey ? "redo" : "undo");
    else if (control && letter === "y") command("redo");
    else if (control && letter === "a" && (element || event.target === board.scroll)) command("all");
    else if (control || event.altKey) done = false;
    else if (event.key === "Escape") {
      board.choose(null);
      board.panels.tab("tray");
      board.toast.hidden = true;
      board.panels.light("");
    } else if (event.key === "?") command("help");
    else if (event.key === "/") command("find");
    else if (!element) done = false;
    else if (event.key === "Enter") carry.pick(element);
    else if (event.key === " ") board.choose(element, true);
    else if (letter === "l") command("lock", element);
    else if (event.key === "Delete" || event.key === "Backspace") command("unplace", element);
    else if (letter === "m") command("move", element);
    else if (letter === "s") command("swap", element);
    else if (letter === "i") command("details", element);
    else done = false;
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (root.contains(event.target) || event.target.closest("input, select, textarea")) return;
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === "z") {
      event.preventDefault();
      command(event.shiftKey ? "redo" : "undo");
    } else if (!control && event.key === "/" && board.wide) {
      event.preventDefault();
      event.stopImmediatePropagation();
      command("find");
    } else if (!control && event.key === "?") command("help");
  }, true);
  root.addEventListener("keyup", (event) => {
    if (event.key === " " && event.target.closest(".card") && board.wide) event.preventDefault();
  });

  root.addEventListener("click", (event) => {
    const act = event.target.closest("[data-do]");
    if (act) {
      event.preventDefault();
      const [name, chosen] = act.dataset.do.split("-");
      if (name === "none") board.choose(null);
      else command(name, board.elements.get(chosen ? [...board.chosen][0] : board.panels.current));
      return;
    }
    const element = event.target.closest(".card");
    if (!element || !board.wide) return;
    event.preventDefault();
    if (performance.now() - (carry.justEnded || -1000) < 350 && event.detail) return;
    board.choose(element, event.shiftKey || event.ctrlKey || event.metaKey);
    board.rove(element);
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) board.panels.details(element.value);
  });
  root.addEventListener("dblclick", (event) => {
    const element = event.target.closest(".card");
    if (element && board.wide) board.panels.details(element.value, true);
  });
}
