/** Cards in the hand: by mouse, by a finger after a press, or by the keyboard. */

import { marquee } from "./marquee.js";
import { paint } from "./model.js";

const PRESS = 250;
const SLACK = 5;
const EDGE = 44;
const HOVER = 450;

export class Carry {
  constructor(board) {
    this.board = board;
    this.active = null;
    this.later = [];
    this.preview = document.createElement("div");
    this.hand = document.createElement("div");
    this.hand.className = "bd-hand";
    this.canvas = document.createElement("canvas");
    this.canvas.className = "bd-mask";
    this.canvas.setAttribute("aria-hidden", "true");
    const { root } = board;
    root.addEventListener("pointerdown", (event) => this.down(event));
    root.addEventListener("dragstart", (event) => event.preventDefault());
    root.addEventListener("touchmove", (event) => { if (this.active) event.preventDefault(); }, { passive: false });
    root.addEventListener("contextmenu", (event) => { if (this.active) event.preventDefault(); });
    board.scroll.addEventListener("scroll", () => this.measure(), { passive: true });
  }

  holds(id) { return Boolean(this.active?.cards.some((card) => card.i === id)); }

  down(event) {
    const element = event.target.closest(".card");
    const { board } = this;
    if (event.button || !board.wide || this.active) return;
    if (!element) {
      if (event.target.closest(".bd-field") && event.pointerType === "mouse") marquee(board, event);
      return;
    }
    const start = { x: event.clientX, y: event.clientY };
    const grip = event.target.closest(".card-grip");
    const touch = event.pointerType !== "mouse";
    let timer = 0;
    const begin = (at) => {
      stop();
      this.pick(element, { at: start, now: at, resize: Boolean(grip), pointer: event.pointerId });
    };
    const move = (next) => {
      const far = Math.hypot(next.clientX - start.x, next.clientY - start.y) > SLACK;
      if (far && touch) stop();
      else if (far) begin(next);
    };
    const stop = () => {
      clearTimeout(timer);
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", stop);
      window.removeEventListener("pointercancel", stop);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", stop);
    window.addEventListener("pointercancel", stop);
    if (touch) timer = setTimeout(() => begin(event), PRESS);
  }

  /** Take a card into the hand, with the others that are chosen. */
  pick(element, { at, now, resize = false, pointer = null } = {}) {
    const { board } = this;
    const card = board.card(element);
    const cards = resize ? [card] : [card, ...board.selection(element).filter((one) => one !== card)];
    const stuck = cards.find((one) => one.l || !one.o);
    if (stuck) {
      board.tell(board.say(stuck.o ? "locked" : "fixed", { what: stuck.t }), { wrong: true });
      return;
    }
    board.model.lift(cards);
    for (const one of cards) board.elements.get(one.i).classList.add("carried");
    board.root.classList.add("carrying");
    const to = { d: card.d, s: card.s, n: card.n, c: card.c, w: card.b ? card.w : 1 };
    if (to.d < 0) Object.assign(to, { d: Math.max(board.day, 0), s: 0, c: 0 });
    this.active = { card, cards, element, to, resize, pointer, grab: 0, alt: false, tray: card.d < 0, moved: false };
    this.measure();
    this.mask();
    if (at) this.follow(at, now);
    else {
      board.speak(board.say("picked", { what: card.t }));
      if (card.d < 0) Object.assign(to, this.first(card, to));
      this.active.tray = false;
      this.draw();
    }
  }

  /** The first free spot of the day in sight, for a card that had none. */
  first(card, to) {
    const { model } = this.board;
    for (let s = 0; s + card.n <= model.data.days[to.d].units; s += model.slot) {
      for (const c of this.board.panels.seen) {
        if (!model.check(card, { d: to.d, s, n: card.n, c }).rank) return { s, c };
      }
    }
    return { s: 0, c: this.board.panels.seen[0] };
  }

  mask() {
    const { board, active } = this;
    if (!active) return;
    const style = getComputedStyle(board.root);
    const rgb = (name, alpha) => {
      const hex = style.getPropertyValue(name).trim().slice(1);
      return [0, 2, 4].map((n) => parseInt(hex.slice(n, n + 2), 16)).concat(alpha);
    };
    const colours = { 1: rgb("--warning", 40), 2: rgb("--control", 62) };
    paint(this.canvas, board.model, active.card, { day: active.to.d, columns: board.panels.seen, across: board.across, colours });
    const field = board.days[active.to.d].querySelector(".bd-field");
    if (this.canvas.parentNode !== field) field.prepend(this.canvas);
  }

  /** Where the days are on the screen; asked for once, not with each move. */
  measure() {
    if (!this.active) return;
    const { board } = this;
    this.frame = board.scroll.getBoundingClientRect();
    this.side = board.tray.closest(".bd-side").getBoundingClientRect();
    this.fields = board.days.map((day) => (day.hidden ? null : day.querySelector(".bd-field").getBoundingClientRect()));
    if (this.point) this.aim(this.point);
  }

  follow(at, now) {
    const { board, active } = this;
    const box = active.element.getBoundingClientRect();
    const along = board.across ? (board.rtl ? box.right - at.x : at.x - box.left) : at.y - box.top;
    active.grab = active.card.d < 0 ? 0 : (along / this.unit(Math.max(active.card.d, 0))) || 0;
    this.hand.textContent = active.cards.length > 1 ? board.say("chosen", { n: active.cards.length }) : active.card.t;
    const move = (event) => {
      this.point = { x: event.clientX, y: event.clientY, alt: event.altKey };
      if (!this.waiting) this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.step(); });
    };
    const up = (event) => {
      this.point = { x: event.clientX, y: event.clientY, alt: event.altKey };
      this.aim(this.point);
      this.finish();
    };
    const alt = (event) => {
      if (event.key === "Alt" && this.point) {
        event.preventDefault();
        this.point.alt = event.type === "keydown";
        this.aim(this.point, true);
      }
    };
    this.release = () => {
      cancelAnimationFrame(this.waiting);
      this.waiting = 0;
      this.point = null;
      for (const [name, listener] of [["pointermove", move], ["pointerup", up], ["keydown", alt], ["keyup", alt]]) window.removeEventListener(name, listener);
      window.removeEventListener("pointercancel", this.cancel);
    };
    this.cancel = () => this.end();
    for (const [name, listener] of [["pointermove", move], ["pointerup", up], ["keydown", alt], ["keyup", alt]]) window.addEventListener(name, listener);
    window.addEventListener("pointercancel", this.cancel);
    move(now);
  }

  /** Pixels of a unit of five minutes. */
  unit(day) {
    const box = this.fields[day] || this.fields.find(Boolean);
    const { units } = this.board.model.data.days[Math.max(this.fields.indexOf(box), 0)];
    return (this.board.across ? box.width : box.height) / units;
  }

  step() {
    if (!this.point) return;
    this.aim(this.point);
    this.roll(this.point);
  }

  /** Scroll when the hand is near an edge. */
  roll(point) {
    const { frame, board } = this;
    if (point.x < frame.left - 4 || point.x > frame.right + 4) return;
    const pull = (low, high, at) => (at < low + EDGE ? at - low - EDGE : at > high - EDGE ? at - high + EDGE : 0) / 3;
    const [x, y] = [pull(frame.left, frame.right, point.x), pull(frame.top, frame.bottom, point.y)];
    if (!x && !y) return;
    const { scrollLeft, scrollTop } = board.scroll;
    board.scroll.scrollBy(x, y);
    if (board.scroll.scrollLeft === scrollLeft && board.scroll.scrollTop === scrollTop) return;
    this.measure();
    if (!this.waiting) this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.step(); });
  }

  aim(point, again) {
    const { active, board } = this;
    if (!active) return;
    const { data } = board.model;
    const { to } = active;
    const inside = (box) => box && point.x >= box.left && point.x <= box.right && point.y >= box.top && point.y <= box.bottom;
    this.hand.style.setProperty("transform", `translate(${Math.round(point.x) + 14}px, ${Math.round(point.y) + 10}px)`);
    this.hover(point);
    const tray = !active.resize && inside(this.side);
    const day = inside(this.frame) ? this.fields.findIndex((box) => inside(box)) : -1;
    if (day < 0 || tray) {
      if (!this.hand.isConnected) board.root.append(this.hand);
      if (active.tray !== tray || again) {
        active.tray = tray;
        active.off = !tray;
        this.draw();
      }
      active.off = !tray;
      return;
    }
    if (this.hand.isConnected) this.hand.remove();
    const box = this.fields[day];
    const { units } = data.days[day];
    const x = (board.rtl ? box.right - point.x : point.x - box.left) / box.width;
    const y = (point.y - box.top) / box.height;
    const [time, place] = board.across ? [x, y] : [y, x];
    const { slot } = board.model;
    const next = { ...to, d: day };
    if (active.resize) {
      next.d = to.d;
      next.n = Math.max(slot, Math.round((time * units - to.s) / slot) * slot);
      next.n = Math.min(next.n, units - to.s);
    } else {
      next.s = Math.min(Math.max(Math.round((time * units - active.grab) / slot) * slot, 0), units - to.n);
      const { seen } = board.panels;
      if (!active.card.b) next.c = seen[Math.min(Math.max(Math.floor(place * seen.length), 0), seen.length - 1)];
    }
    const same = ["d", "s", "n", "c"].every((name) => next[name] === to[name]);
    if (same && active.moved && !again && active.alt === point.alt && !active.tray && !active.off) return;
    const other = next.d !== to.d;
    Object.assign(to, next);
    Object.assign(active, { moved: true, tray: false, off: false, alt: point.alt });
    if (other) this.mask();
    this.draw();
  }

  /** Rest over the tab of another day to go there. */
  hover(point) {
    const tab = document.elementFromPoint(point.x, point.y)?.closest?.(".bd-days a");
    if (tab === this.tab) return;
    clearTimeout(this.tabbing);
    this.tab = tab;
    if (tab) {
      this.tabbing = setTimeout(() => {
        this.board.show(Number(tab.dataset.day));
        this.measure();
      }, HOVER);
    }
  }

  /** Move the card in the hand by slots and tables: the keyboard's way. */
  nudge(slots, tables, longer) {
    const { active, board } = this;
    const { to, card } = active;
    const { slot, data } = board.model;
    if (longer) to.n = Math.max(slot, Math.min(to.n + slots * slot, data.days[to.d].units - to.s));
    else {
      to.s += slots * slot;
      if (to.s < 0 && to.d > 0) Object.assign(to, { d: to.d - 1, s: Math.floor((data.days[to.d - 1].units - to.n) / slot) * slot });
      else if (to.s + to.n > data.days[to.d].units && to.d < data.days.length - 1) Object.assign(to, { d: to.d + 1, s: 0 });
      to.s = Math.min(Math.max(to.s, 0), data.days[to.d].units - to.n);
      const { seen } = board.panels;
      if (!card.b) to.c = seen[Math.min(Math.max(seen.indexOf(to.c) + tables, 0), seen.length - 1)];
    }
    active.moved = true;
    if (board.days[to.d].hidden) board.show(to.d);
    this.mask();
    this.draw();
    this.preview.scrollIntoView({ block: "nearest", inline: "nearest" });
    board.speak([board.spot(card, to), active.found.why].filter(Boolean).join(" "));
  }

  /** The card under the hand that a drop with Alt would swap with. */
  other() {
    const { active, board } = this;
    if (!active.alt || active.cards.length > 1 || active.resize || active.card.b) return null;
    const { to } = active;
    for (const one of board.model.cards.values()) {
      if (one !== active.card && one.d === to.d && !one.b && one.o && !one.l && one.c === to.c && one.s < to.s + to.n && to.s < one.s + one.n) return one;
    }
    return null;
  }

  draw() {
    const { active, board, preview } = this;
    const { to, card } = active;
    if (active.tray || active.off) {
      preview.remove();
      this.state(active.tray ? board.say("tray", { what: card.t }) : "", 0);
      return;
    }
    active.found = board.model.check(card, to);
    active.swap = this.other();
    const { rank, why } = active.found;
    const tone = active.swap || !rank ? "" : rank > 1 ? " no" : " so-so";
    preview.className = `bd-preview${to.n > board.model.slot ? "" : " short"} s${to.s} n${to.n} t${to.c} w${card.b ? to.w : 1}${tone}`;
    const short = to.n > board.model.slot ? why : "";
    preview.textContent = [card.t, board.model.clock(to.d, to.s), short && `– ${short}`].filter(Boolean).join(" ");
    const field = board.days[to.d].querySelector(".bd-field");
    if (preview.parentNode !== field) field.append(preview);
    const alt = rank > 1 && active.pointer !== null && !active.alt ? board.words.alt : "";
    const words = active.swap ? board.say("swap", { other: active.swap.t }) : [why || board.words.free, alt].filter(Boolean).join(" ");
    this.state(`${board.spot(card, to)} ${words}`, active.swap ? 0 : rank);
  }

  state(text, rank) {
    const { status } = this.board;
    status.hidden = !text;
    status.textContent = text;
    status.className = `bd-status${rank > 1 ? " no" : rank ? " so-so" : ""}`;
  }

  /** Put down where the hand is. */
  finish({ anyway = false } = {}) {
    const { active, board } = this;
    const { card, cards, to, resize, tray, off, swap } = active;
    const found = active.found || { rank: 0 };
    const stays = !tray && ["d", "s", "n", "c"].every((name) => card[name] === to[name]);
    const force = anyway || active.alt;
    const targets = this.targets(active);
    const element = board.elements.get(card.i);
    this.end(false);
    if (off || stays || (tray && card.d < 0)) return;
    if (tray) board.act("unplace", cards.filter((one) => one.d >= 0));
    else if (swap) board.act("swap", [card, swap], { anyway: true });
    else if (!targets) board.refuse(board.words.outside);
    else if (found.rank > 1 && !force) board.offer(found.why, targets, resize ? "resize" : "move");
    else board.move(targets, { kind: resize ? "resize" : "move", anyway: force });
    if (active.pointer === null) board.focus(board.elements.get(card.i) || element);
  }

  /** Where each card in the hand goes: those on the board keep their distance, those of the tray follow one another. */
  targets({ card, cards, to, resize }) {
    const { data, offsets, columns } = this.board.model;
    if (resize || cards.length === 1) return [[card, this.whole(card, to)]];
    const delta = card.d < 0 ? 0 : offsets[to.d] + to.s - offsets[card.d] - card.s;
    const aside = card.d < 0 ? 0 : to.c - card.c;
    let next = to.s + to.n;
    const found = [];
    for (const one of cards) {
      let spot = { ...to };
      if (one !== card && (one.d < 0 || card.d < 0)) {
        spot = { d: to.d, s: next, n: one.n, c: to.c, w: one.w };
        next += one.n;
      } else if (one !== card) {
        const at = offsets[one.d] + one.s + delta;
        const d = offsets.findLastIndex((from) => from <= at);
        spot = { d, s: at - offsets[d], n: one.n, c: one.b ? one.c : one.c + aside, w: one.w };
      }
      if (spot.d < 0 || spot.s < 0 || spot.s + spot.n > data.days[spot.d].units || spot.c < 0 || spot.c >= columns.length) return null;
      found.push([one, this.whole(one, spot)]);
    }
    return found;
  }

  /** A band stays in the place it has; a session in a room that occupies its tables goes to one table. */
  whole(card, to) {
    const stays = card.b || (card.w > 1 && card.c === to.c);
    return stays ? { ...to, w: card.w, c: card.c, place: card.p } : { ...to, w: 1 };
  }

  /** Let go. */
  end(said = true) {
    const { active, board } = this;
    if (!active) return;
    this.active = null;
    this.release?.();
    this.release = null;
    clearTimeout(this.tabbing);
    board.model.lower(active.cards);
    for (const one of active.cards) board.elements.get(one.i)?.classList.remove("carried");
    board.root.classList.remove("carrying");
    this.preview.remove();
    this.hand.remove();
    this.canvas.remove();
    this.state("", 0);
    this.justEnded = performance.now();
    for (const card of this.later.splice(0)) board.renew(card, true);
    if (said) board.speak(board.words.let_go);
  }
}
