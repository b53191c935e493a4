/** Saving and hearing of others: writes one after the other, a failed one is rolled back and said. */

const EVERY = 1500;
const TRIES = 3;

const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

export class Net {
  constructor(board) {
    this.board = board;
    this.base = `/meetings/${board.root.dataset.slug}/board/`;
    this.queue = Promise.resolve();
    this.writing = 0;
    this.gone = false;
    this.later = 0;
    this.timer = setInterval(() => this.poll(), EVERY);
    document.addEventListener("visibilitychange", () => this.poll());
  }

  post(path, body) {
    return fetch(this.base + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.board.words.token, "HX-Request": "true" },
      body: JSON.stringify({ after: this.board.model.data.revision, ...body() }),
    });
  }

  /** Carry out a write; `back` undoes what was shown in advance. Resolves to whether it was saved. */
  save(path, body, back) {
    this.writing += 1;
    const work = this.queue.then(() => this.try(path, body, back)).finally(() => { this.writing -= 1; });
    this.queue = work.catch(() => false);
    return work;
  }

  async try(path, body, back) {
    let response = null;
    for (let n = 0; n < TRIES && !response; n += 1) {
      try {
        response = await this.post(path, body);
      } catch {
        this.lost(true);
        if (n < TRIES - 1) await wait(700 * (n + 1));
      }
    }
    if (!response) return this.failed(this.board.words.offline_now, back);
    this.lost(false);
    const known = (response.headers.get("Content-Type") || "").includes("json");
    if (!known) {
      return this.failed(response.status === 401 || response.redirected ? this.board.words.signed_out : this.board.words.server, back);
    }
    const answer = await response.json();
    if (answer.problem) {
      this.failed(answer.problem, back, answer);
      if (answer.cards) this.board.take(answer);
      return false;
    }
    if (!response.ok) return this.failed(this.board.words.server, back);
    this.board.take(answer, true);
    return true;
  }

  failed(why, back, answer) {
    back?.(answer);
    this.board.refuse(why, answer);
    return false;
  }

  lost(gone) {
    if (gone === this.gone) return;
    this.gone = gone;
    this.board.net(gone);
  }

  async poll() {
    if (document.hidden || this.writing || this.asking) return;
    this.asking = true;
    try {
      const response = await fetch(`${this.base}changes?after=${this.board.model.data.revision}`, { headers: { "HX-Request": "true" } });
      this.lost(false);
      if (response.status === 200 && !this.writing) this.board.take(await response.json());
      if (response.status === 401) {
        clearInterval(this.timer);
        this.board.refuse(this.board.words.signed_out);
      }
    } catch {
      this.lost(true);
    } finally {
      this.asking = false;
    }
  }
}
