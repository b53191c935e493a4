/** The column beside the board, and what the toolbar changes: tabs, details, conflicts, search, view. */

const KEY = "confmgr-board";

export class Panels {
  constructor(board) {
    this.board = board;
    this.root = board.root;
    this.side = this.root.querySelector(".bd-side");
    this.current = null;
    this.lit = "";
    for (const tab of this.root.querySelectorAll("[data-tab]")) {
      tab.addEventListener("click", () => (tab.dataset.tab === "details" && this.current ? this.details(this.current, true) : this.tab(tab.dataset.tab)));
    }
    this.root.querySelector(".bd-tabs").addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const tabs = [...this.root.querySelectorAll("[data-tab]")];
      const next = tabs[(tabs.indexOf(document.activeElement) + 1) % tabs.length];
      next.focus();
      next.click();
    });
    for (const link of this.root.querySelectorAll(".bd-days a")) {
      link.addEventListener("click", (event) => {
        if (!board.wide || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        board.show(Number(link.dataset.day));
      });
    }
    this.side.addEventListener("submit", (event) => {
      if (event.target.matches(".offers")) this.take(event);
    });
    this.search = this.root.querySelector("[data-find]");
    this.filter = this.root.querySelector("[data-filter]");
    for (const field of [this.search, this.filter]) field.addEventListener("input", () => this.sift());
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.search.value = "";
        this.sift();
      }
      if (event.key !== "Escape" && event.key !== "Enter" && event.key !== "ArrowDown") return;
      event.preventDefault();
      board.focus(board.tray.querySelector(".card:not(.filtered)"));
    });
    const pick = this.root.querySelector("[data-highlight]");
    pick.addEventListener("change", () => this.light(pick.value));
    this.view();
  }

  /** Zoom, direction and hidden places, remembered by this browser. */
  view() {
    const { root, board } = this;
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(KEY)) || {};
    } catch { /* a browser without a memory shows the usual view */ }
    const across = root.querySelector("[data-across]");
    const apply = () => {
      const zoom = kept.zoom || "normal";
      root.classList.remove("compact", "normal", "comfortable");
      root.classList.add(zoom);
      if (typeof kept.across === "boolean") {
        root.classList.toggle("across", kept.across);
        root.classList.toggle("down", !kept.across);
      }
      across.checked = board.across;
      for (const one of root.querySelectorAll("[data-zoom]")) one.checked = one.value === zoom;
      this.places(kept.hidden || []);
    };
    const keep = () => {
      try {
        localStorage.setItem(KEY, JSON.stringify(kept));
      } catch { /* as above */ }
      apply();
    };
    root.querySelector(".bd-view").addEventListener("change", (event) => {
      if (event.target.matches("[data-zoom]")) kept.zoom = event.target.value;
      if (event.target === across) kept.across = across.checked;
      if (event.target.matches("[data-show]")) {
        const { code } = board.model.data.columns[event.target.dataset.show];
        kept.hidden = (kept.hidden || []).filter((one) => one !== code);
        if (!event.target.checked) kept.hidden.push(code);
      }
      keep();
    });
    apply();
  }

  /** Hide columns: the others move together, by one rule sheet of the script's own. */
  places(hidden) {
    const { columns } = this.board.model.data;
    if (hidden.length >= columns.length) hidden = [];
    const shown = columns.map((one) => !hidden.includes(one.code));
    for (const box of this.root.querySelectorAll("[data-show]")) box.checked = shown[box.dataset.show];
    const at = [];
    shown.reduce((sum, on, c) => { at[c] = sum; return sum + Number(on); }, 0);
    const sheet = new CSSStyleSheet();
    const all = shown.every(Boolean);
    if (!all) {
      const width = shown.filter(Boolean).length;
      sheet.replaceSync([
        `#board .bd-day { --k: ${width} }`,
        "#board .band { --t: 0; --w: 1000 }",
        ...at.map((where, c) => (shown[c] ? `#board .bd-day .t${c}:not(.band) { --t: ${where} }` : `#board .bd-day .t${c}:not(.band) { display: none }`)),
      ].join("\n"));
    }
    document.adoptedStyleSheets = all ? [] : [sheet];
    this.seen = [...shown.keys()].filter((c) => shown[c]);
  }

  tab(name, wide = false) {
    for (const tab of this.root.querySelectorAll("[data-tab]")) tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
    for (const panel of this.root.querySelectorAll(".bd-panel")) panel.hidden = panel.id !== `panel-${name}`;
    this.side.classList.toggle("wide", wide);
    this.open = name;
    this.board.carry?.measure();
  }

  find() {
    this.tab("tray");
    this.search.focus();
    this.search.select();
  }

  sift() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kind = this.filter.value;
    for (const element of this.board.tray.children) {
      const text = element.textContent.toLowerCase();
      const fits = !kind || (kind === "interpretation" ? element.querySelector(".card-lang") : element.classList.contains(kind));
      element.classList.toggle("filtered", !fits || !words.every((word) => text.includes(word)));
    }
  }

  light(id) {
    this.lit = id ? Number(id) : "";
    this.root.querySelector("[data-highlight]").value = id;
    this.root.classList.toggle("lit-some", Boolean(id));
    for (const [key, element] of this.board.elements) this.lightOne(element, this.board.model.cards.get(key));
  }

  lightOne(element, card) {
    element.classList.toggle("lit", Boolean(this.lit) && card.D.includes(this.lit));
  }

  counts({ tally, reach }) {
    const { root, board } = this;
    const set = (name, text) => { root.querySelector(`[data-${name}]`).textContent = text; };
    set("waiting", tally.waiting);
    set("clashing", tally.clashing);
    root.querySelector(".bd-clashes").disabled = !tally.clashing;
    root.querySelector("[data-tray-empty]").hidden = Boolean(tally.waiting);
    for (const [name, kind] of Object.entries(reach)) {
      const button = root.querySelector(`.bd-bar [data-do="${name}"]`);
      button.disabled = !kind;
      button.title = kind;
    }
    const days = board.model.data.days.map(() => ({ cards: 0, bad: false }));
    for (const card of board.model.cards.values()) {
      if (card.d < 0) continue;
      days[card.d].cards += 1;
      if (card.x.some(([, severity]) => severity === "block")) days[card.d].bad = true;
    }
    days.forEach(({ cards, bad }, n) => {
      const link = root.querySelector(`.bd-days a[data-day="${n}"]`);
      link.querySelector("[data-count]").textContent = cards;
      link.querySelector(".bd-dot").hidden = !bad;
    });
  }

  /** Load a piece of page; quietly nothing where it is not. */
  async load(url, into) {
    try {
      const response = await fetch(url, { headers: { "HX-Request": "true" } });
      if (!response.ok) return false;
      into.innerHTML = await response.text();
      return true;
    } catch {
      return false;
    }
  }

  /** Show a session in the column: at once if it is open there, else only when asked. */
  async details(id, open = false) {
    this.root.querySelector(".card.current")?.classList.remove("current");
    this.board.elements.get(id)?.classList.add("current");
    this.current = id;
    if (!open && this.open !== "details" && this.open !== "tray" && this.open !== undefined) return;
    this.tab("details", true);
    const panel = this.root.querySelector("[data-details]");
    if (!(await this.load(`${this.board.net_.base}${id}/details`, panel)) || this.current !== id) return;
    const place = panel.querySelector("[data-load]");
    if (place) await this.load(place.dataset.load, place);
  }

  /** After changes: what is open shows them. */
  renew(ids) {
    this.sift();
    if (this.open === "details" && ids.includes(this.current)) this.details(this.current, true);
    if (this.open === "conflicts") this.conflicts();
  }

  /** A free slot that was offered is taken without leaving the board. */
  async take(event) {
    event.preventDefault();
    const form = event.target;
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter) });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const notice = page.querySelector(".notice");
      const wrong = !response.ok || Boolean(notice?.classList.contains("is-conflict"));
      this.board.tell((notice || page.querySelector("main")).textContent.trim(), { wrong, undo: !wrong });
    } catch {
      this.board.refuse(this.board.words.offline_now);
    }
    await this.board.net_.poll();
    if (this.open === "details") this.details(this.current, true);
    if (this.open === "conflicts") this.conflicts();
  }

  head(title) {
    const head = document.createElement("div");
    head.className = "side-head";
    const words = document.createElement("h2");
    words.className = "side-title";
    words.textContent = title;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "act icon-button";
    close.textContent = "×";
    close.setAttribute("aria-label", this.board.words.close);
    close.addEventListener("click", () => this.tab("tray"));
    head.append(words, close);
    return head;
  }

  async conflicts() {
    this.tab("conflicts", true);
    const panel = this.root.querySelector("[data-conflicts]");
    const body = document.createElement("div");
    const url = this.root.dataset.conflictsUrl;
    if (!url || !(await this.load(url, body))) this.list(body);
    panel.replaceChildren(this.head(this.board.words.conflicts_title), body);
    panel.onclick = (event) => {
      const link = event.target.closest("[data-session], a[href*='/sessions/']");
      const id = link?.dataset.session || link?.getAttribute("href").match(/\/sessions\/([0-9a-f-]{36})$/)?.[1];
      if (id && this.board.elements.has(id)) {
        event.preventDefault();
        this.go(id);
      }
    };
  }

  list(body) {
    const list = document.createElement("ul");
    list.className = "side-list";
    for (const card of this.board.model.cards.values()) {
      if (!card.x.length) continue;
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "link";
      button.dataset.session = card.i;
      button.textContent = card.t;
      item.append(button, ...card.x.map(([sentence]) => Object.assign(document.createElement("p"), { textContent: sentence })));
      list.append(item);
    }
    if (!list.children.length) body.textContent = this.board.words.no_conflicts;
    body.append(list);
  }

  /** Go to a card on its day. */
  go(id) {
    const { board } = this;
    const card = board.model.cards.get(id);
    if (card.d >= 0 && board.days[card.d].hidden) board.show(card.d);
    this.root.querySelector(".card.current")?.classList.remove("current");
    const element = board.elements.get(id);
    element.classList.add("current");
    this.current = id;
    board.focus(element);
  }
}
