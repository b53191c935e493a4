/** The automatic schedule: what to keep, progress, the difference drawn on the board, all or some of it applied. */

const AGAIN = 700;

export class Plan {
  constructor(board) {
    this.board = board;
    this.panel = board.root.querySelector("[data-plan]");
    this.base = `${board.net_.base}plan`;
    this.drawn = new Map();
    this.panel.addEventListener("submit", (event) => this.start(event));
    this.panel.addEventListener("change", (event) => this.tick(event.target));
    this.panel.addEventListener("click", (event) => {
      const act = event.target.closest("[data-plan-do]")?.dataset.planDo;
      if (act === "cancel") this.cancel();
      if (act === "take") this.take();
      const go = event.target.closest("button[data-session]");
      if (go) board.panels.go(go.dataset.session);
    });
  }

  /** A plan that is being computed, or was asked for by the address: a page that is opened again goes on with it. */
  resume() {
    if (!this.panel.dataset.run) return;
    this.run = this.panel.dataset.run;
    this.board.panels.tab("plan", true);
    this.begin();
    this.watch();
  }

  begin() {
    this.body = document.createElement("div");
    this.panel.replaceChildren(this.board.panels.head(this.board.words.plan_title), this.body);
  }

  async open() {
    this.board.panels.tab("plan", true);
    if (this.run) return;
    this.begin();
    await this.board.panels.load(this.base, this.body);
    this.body.querySelector("input")?.focus();
  }

  async post(path, data) {
    const response = await fetch(this.base + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.board.words.token, "HX-Request": "true" },
      body: JSON.stringify({ after: this.board.model.data.revision, ...data }),
    });
    return response.json();
  }

  async start(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    try {
      const answer = await this.post("", given);
      if (answer.problem) this.board.tell(answer.problem, { wrong: true });
      else {
        this.run = answer.run;
        this.watch();
      }
    } catch {
      this.board.refuse(this.board.words.offline_now);
    }
  }

  async watch() {
    const { run } = this;
    try {
      const response = await fetch(`${this.base}/${run}`, { headers: { "HX-Request": "true" } });
      const answer = await response.json();
      if (this.run !== run) return;
      this.body.innerHTML = answer.html;
      if (answer.working) setTimeout(() => this.watch(), AGAIN);
      else {
        this.draw(answer.cards);
        if (!this.body.querySelector("[data-plan-do]")) this.run = null;
        this.board.speak(this.body.querySelector(".plan-sum, .status")?.textContent || "");
      }
    } catch {
      setTimeout(() => this.watch(), 3 * AGAIN);
    }
  }

  /** New places outlined, old ones ghosted. */
  draw(cards) {
    const { board } = this;
    this.clear();
    for (const card of cards) {
      const old = board.elements.get(card.i);
      if (!old || card.d < 0) continue;
      const copy = old.cloneNode(true);
      copy.className = `${[...old.classList].filter((name) => !/^([stnw]\d+|of\d|lane\d|chosen|current|clash|warn|dashed)$/.test(name)).join(" ")} proposed s${card.s} n${card.n} t${card.c} w${card.w}`;
      copy.tabIndex = -1;
      copy.disabled = true;
      copy.removeAttribute("value");
      board.days[card.d].querySelector(".bd-field").append(copy);
      old.classList.add("leaving");
      this.drawn.set(card.i, copy);
    }
    const first = cards.find((card) => card.d >= 0);
    if (first && board.days[first.d].hidden && !cards.some((card) => card.d >= 0 && !board.days[card.d].hidden)) board.show(first.d);
  }

  clear() {
    for (const [id, copy] of this.drawn) {
      copy.remove();
      this.board.elements.get(id)?.classList.remove("leaving");
    }
    this.drawn.clear();
  }

  tick(box) {
    if (!box.matches("[data-take]")) return;
    const copy = this.drawn.get(box.dataset.session);
    if (copy) copy.hidden = !box.checked;
    this.board.elements.get(box.dataset.session)?.classList.toggle("leaving", box.checked);
    const button = this.panel.querySelector("[data-plan-do=take]");
    const n = this.panel.querySelectorAll("[data-take]:checked").length;
    button.textContent = (n === 1 ? button.dataset.one : button.dataset.many).replace("{n}", n);
    button.disabled = !n;
  }

  async cancel() {
    const { run } = this;
    this.panel.querySelector("[data-plan-do=cancel]")?.setAttribute("disabled", "");
    const offered = this.drawn.size || this.panel.querySelector("[data-plan-do=take], .plan-sum");
    try {
      await this.post(`/${run}/cancel`, {});
    } catch {
      this.board.refuse(this.board.words.offline_now);
      return;
    }
    if (!offered) return;
    this.leave();
  }

  leave() {
    this.clear();
    this.run = null;
    this.board.panels.tab("tray");
  }

  async take() {
    const take = [...this.panel.querySelectorAll("[data-take]:checked")].map((box) => box.dataset.take);
    const { run } = this;
    this.panel.querySelector("[data-plan-do=take]").disabled = true;
    const saved = await this.board.net_.save(`plan/${run}/take`, () => ({ take }));
    if (saved) this.leave();
    else this.panel.querySelector("[data-plan-do=take]").disabled = false;
  }
}
