/** The schedule board: puts its parts together, shows what the server answers, keeps focus and choice. */

import { Carry } from "./carry.js";
import { keys } from "./keys.js";
import { Model } from "./model.js";
import { Net } from "./net.js";
import { Panels } from "./panels.js";
import { Plan } from "./plan.js";

const TOAST = 9000;

class Board {
  constructor(root) {
    this.root = root;
    this.words = this.read("[data-words]");
    this.words.token = root.querySelector("[data-help] [name=csrf_token]").value;
    this.model = new Model(this.read("[data-board]"));
    this.scroll = root.querySelector("[data-scroll]");
    this.tray = root.querySelector("[data-tray]");
    this.live = root.querySelector("[data-live]");
    this.status = root.querySelector("[data-status]");
    this.bulk = root.querySelector("[data-bulk]");
    this.toast = root.querySelector("[data-toast]");
    this.days = [...root.querySelectorAll(".bd-day")];
    this.elements = new Map();
    for (const element of root.querySelectorAll(".card")) this.elements.set(element.value, element);
    this.chosen = new Set();
    this.rtl = document.documentElement.dir === "rtl";
    for (const element of root.querySelectorAll(".js")) element.hidden = false;
    this.rove();
    this.net_ = new Net(this);
    this.panels = new Panels(this);
    this.carry = new Carry(this);
    this.plan = new Plan(this);
    keys(this);
    this.plan.resume();
    this.now(Date.now(), new Date(`${this.model.data.now}Z`).getTime());
  }

  read(name) {
    const block = this.root.querySelector(name);
    const found = JSON.parse(block.content.textContent);
    block.remove();
    return found;
  }

  get across() { return this.root.classList.contains("across"); }
  get wide() { return matchMedia("(min-width: 900.02px)").matches; }
  get day() { return this.days.findIndex((one) => !one.hidden); }
  card(element) { return this.model.cards.get(element?.value); }

  /** Fill a sentence. */
  say(key, facts = {}) {
    return Object.entries(facts).reduce((text, [name, value]) => text.replace(`{${name}}`, value), this.words[key]);
  }

  speak(text) { this.live.textContent = text; }

  /** Where something would be, in words. */
  spot(card, to) {
    if (to.d < 0) return this.say("tray", { what: card.t });
    const { days, columns } = this.model.data;
    return this.say("placed", {
      what: card.t,
      day: days[to.d].label,
      start: this.model.clock(to.d, to.s),
      end: this.model.clock(to.d, to.s + to.n),
      place: card.b ? "" : columns[to.c].name,
    }).replace(", .", ".");
  }

  /** One tab stop for the board and one for the tray. */
  rove(target) {
    for (const part of [this.scroll, this.tray]) {
      const cards = part.querySelectorAll(".card");
      const stop = target && part.contains(target) ? target : part.querySelector(".card[tabindex='0']") || part.querySelector(".bd-day:not([hidden]) .card") || cards[0];
      for (const one of cards) if (one !== stop) one.tabIndex = -1;
      if (stop) stop.tabIndex = 0;
    }
  }

  focus(element) {
    if (!element) return;
    this.rove(element);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  show(number) {
    this.days.forEach((one, n) => { one.hidden = number !== -1 && n !== number; });
    for (const link of this.root.querySelectorAll(".bd-days a")) {
      if (Number(link.dataset.day) === number) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    history.replaceState(null, "", `?day=${number < 0 ? "all" : this.model.data.days[number].day}`);
    this.rove();
  }

  choose(element, more) {
    if (!more) {
      for (const id of this.chosen) this.elements.get(id)?.classList.remove("chosen");
      this.chosen.clear();
    }
    this.mark(element, more);
    const many = this.chosen.size > 1;
    this.bulk.hidden = !many;
    this.bulk.querySelector("[data-bulk-text]").textContent = many ? this.say("chosen", { n: this.chosen.size }) : "";
    if (many) this.speak(this.say("chosen", { n: this.chosen.size }));
  }

  mark(element, more) {
    if (!element) return;
    const on = !this.chosen.has(element.value) || !more;
    element.classList.toggle("chosen", on);
    if (on) this.chosen.add(element.value);
    else this.chosen.delete(element.value);
  }

  /** The cards to work on: the chosen ones if `element` is one of them, else it alone. */
  selection(element) {
    const ids = this.chosen.has(element.value) ? [...this.chosen] : [element.value];
    return ids.map((id) => this.model.cards.get(id)).filter(Boolean);
  }

  /** Show a card somewhere before the server has said so. */
  put(card, to) {
    const element = this.elements.get(card.i);
    const keep = [...element.classList].filter((name) => !/^([stnw]\d+|of\d|lane\d)$/.test(name));
    element.className = [...keep, `s${to.s}`, `n${to.n}`, `t${to.c}`, `w${to.w}`].join(" ");
    const parent = to.d < 0 ? this.tray : this.days[to.d].querySelector(".bd-field");
    if (element.parentNode !== parent) parent.append(element);
  }

  /** Take over what the server says: new cards, conflicts of others, undo, counts. */
  take(answer, own) {
    const { data } = this.model;
    if (answer.revision < data.revision) return;
    if (answer.frame !== data.frame) {
      location.reload();
      return;
    }
    data.revision = answer.revision;
    for (const id of answer.gone) this.drop(id);
    for (const card of answer.cards) this.renew(card, !own);
    this.panels.counts(answer);
    if (answer.by?.length) this.tell(answer.by.join(" "));
    if (own && answer.said) this.tell(answer.said, { undo: Boolean(answer.reach.undo) && !answer.taken_back });
    if (this.carry.active) this.carry.mask();
    this.panels.renew(answer.cards.map((card) => card.i));
    this.rove();
  }

  drop(id) {
    if (this.carry.holds(id)) this.carry.end();
    this.model.remove(id);
    this.elements.get(id)?.remove();
    this.elements.delete(id);
    this.chosen.delete(id);
  }

  renew(card, foreign) {
    if (this.carry.holds(card.i)) {
      this.carry.later.push(card);
      return;
    }
    const { html, ...numbers } = card;
    const old = this.elements.get(card.i);
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const element = holder.content.firstElementChild;
    const focused = old && old === document.activeElement;
    element.tabIndex = old ? old.tabIndex : -1;
    for (const name of ["chosen", "lit", "current", "leaving"]) element.classList.toggle(name, Boolean(old?.classList.contains(name)));
    const parent = card.d < 0 ? this.tray : this.days[card.d].querySelector(".bd-field");
    if (old && old.parentNode === parent) old.replaceWith(element);
    else {
      old?.remove();
      parent.append(element);
    }
    parent.querySelector(":scope > .bd-nothing")?.remove();
    this.elements.set(card.i, element);
    this.model.set(numbers);
    this.panels.lightOne(element, numbers);
    if (foreign) element.classList.add("flash");
    if (focused) element.focus({ preventScroll: true });
  }

  tell(text, { undo = false, wrong = false } = {}) {
    const button = this.toast.querySelector("[data-do=undo]");
    this.toast.querySelector("[data-toast-text]").textContent = text;
    button.hidden = !undo;
    this.toast.classList.toggle("no", wrong);
    this.toast.hidden = false;
    this.speak(text);
    clearTimeout(this.toasting);
    this.toasting = setTimeout(() => { this.toast.hidden = true; }, TOAST);
  }

  refuse(why, answer) {
    if (answer?.blocked) return;
    this.tell(answer ? why : this.say("failed", { why }), { wrong: true });
  }

  /** What a rule forbids is not made, but offered. */
  offer(why, targets, kind) {
    this.tell(why, { wrong: true });
    const button = document.createElement("button");
    button.type = "button";
    button.className = "act";
    button.textContent = this.words.anyway;
    button.addEventListener("click", () => {
      this.toast.hidden = true;
      this.move(targets, { kind, anyway: true });
    });
    this.toast.querySelector("[data-toast-text]").append(" ", button);
  }

  net(gone) {
    const mark = this.root.querySelector("[data-net]");
    mark.hidden = !gone;
    mark.textContent = gone ? this.words.offline : "";
    this.speak(gone ? this.words.offline : this.words.online);
  }

  /** Move cards: shown at once, saved, rolled back if the server says no. `targets`: as cards stand now, changed. */
  move(targets, { kind = "move", anyway = false } = {}) {
    const before = targets.map(([card]) => ({ d: card.d, s: card.s, n: card.n, c: card.c, w: card.w }));
    targets.forEach(([card, to]) => {
      this.put(card, to);
      this.elements.get(card.i).classList.add("saving");
    });
    const back = (answer) => {
      targets.forEach(([card], n) => {
        if (!this.elements.has(card.i)) return;
        this.put(card, before[n]);
        this.elements.get(card.i).classList.remove("saving");
      });
      if (answer?.blocked) this.offer(answer.problem, targets, kind);
    };
    const body = () => ({
      kind,
      anyway,
      cards: targets.map(([card, to]) => ({
        i: card.i,
        v: this.model.cards.get(card.i)?.v ?? card.v,
        start: this.model.wall(to.d, to.s),
        place: to.place === undefined ? this.model.data.columns[to.c].code : to.place,
        minutes: to.n * 5,
      })),
    });
    return this.net_.save("move", body, back);
  }

  /** Other writes on some cards: lock, unplace, swap. */
  act(path, cards, more = {}) {
    const body = () => ({ ...more, cards: cards.map((card) => ({ i: card.i, v: this.model.cards.get(card.i)?.v ?? card.v })) });
    return this.net_.save(path, body);
  }

  undo() { return this.net_.save("undo", () => ({})); }
  redo() { return this.net_.save("redo", () => ({})); }

  now(began, wall) {
    const draw = () => {
      const time = new Date(wall + (Date.now() - began)).toISOString();
      this.root.querySelector(".bd-now")?.remove();
      const day = this.model.data.days.findIndex((one) => one.day === time.slice(0, 10));
      if (day < 0) return;
      const { first, units } = this.model.data.days[day];
      const unit = Math.floor((Number(time.slice(11, 13)) * 60 + Number(time.slice(14, 16)) - first) / 5);
      if (unit < 0 || unit >= units) return;
      const line = document.createElement("div");
      line.className = `bd-now s${unit} n1`;
      this.days[day].querySelector(".bd-field").append(line);
    };
    draw();
    setInterval(draw, 60_000);
  }
}

const root = document.getElementById("board");
if (root) {
  root.board = new Board(root);
  root.dataset.ready = "yes";
  performance.mark("board-ready");
}
