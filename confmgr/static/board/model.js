/** Cards and capacities of a schedule. Counters over units of five minutes answer what is free; the server is the judge. */

const HARD = 2;
const SOFT = 1;

function counters(ids, size) {
  return new Map(ids.map((id) => [Number(id), new Int16Array(size)]));
}

export class Model {
  constructor(data) {
    this.data = data;
    this.slot = data.slot;
    this.offsets = [];
    this.size = 0;
    for (const day of data.days) {
      this.offsets.push(this.size);
      this.size += day.units;
    }
    this.use = {
      D: counters(Object.keys(data.delegations), this.size),
      H: counters(Object.keys(data.people), this.size),
      I: counters(Object.keys(data.interpreters), this.size),
    };
    this.columns = data.columns.map(() => new Int16Array(this.size));
    this.whole = new Int16Array(this.size);
    this.any = new Int16Array(this.size);
    this.cards = new Map();
    this.ranks = Object.fromEntries(Object.entries(data.severities).map(([kind, word]) => [kind, { block: HARD, warn: SOFT }[word] || 0]));
    for (const card of data.cards) this.set(card);
    data.cards = null;
  }

  set(card) {
    this.remove(card.i);
    this.cards.set(card.i, card);
    this.count(card, 1);
  }

  remove(id) {
    const old = this.cards.get(id);
    if (old && !old.lifted) this.count(old, -1);
    this.cards.delete(id);
  }

  /** Take cards out of the counters while they are in the hand, and put them back. */
  lift(cards) {
    for (const card of cards) {
      if (!card.lifted) this.count(card, -1);
      card.lifted = true;
    }
  }

  lower(cards) {
    for (const card of cards) {
      if (card.lifted) this.count(card, 1);
      card.lifted = false;
    }
  }

  count(card, by) {
    if (card.d < 0 || !card.e) return;
    const [from, to] = this.span(card);
    for (const kind of ["D", "H", "I"]) {
      for (const id of card[kind]) {
        const row = this.use[kind].get(id);
        if (row) for (let u = from; u < to; u += 1) row[u] += by;
      }
    }
    const rows = [card.g ? this.whole : this.any];
    if (!card.b) for (let c = card.c; c < card.c + card.w; c += 1) rows.push(this.columns[c]);
    for (const row of rows) for (let u = from; u < to; u += 1) row[u] += by;
  }

  span(card) {
    const from = this.offsets[card.d] + card.s;
    return [from, Math.min(from + card.n, this.offsets[card.d] + this.data.days[card.d].units)];
  }

  /** Units of all days in which hours allow something; null for always. */
  open(hours) {
    if (!hours.length) return null;
    const free = new Uint8Array(this.size);
    for (const [day, from, to] of hours) free.fill(1, this.offsets[day] + from, this.offsets[day] + to);
    return free;
  }

  /** How bad each unit is for a card whatever the table, and how bad each table is in each unit: 0 free, 1 soft, 2 hard. */
  mask(card) {
    const time = new Uint8Array(this.size);
    const mark = (rank, test) => {
      if (rank) for (let u = 0; u < this.size; u += 1) if (test(u) && time[u] < rank) time[u] = rank;
    };
    const people = [
      ["D", this.data.delegations, "delegation_busy", "delegation_away", (row) => row[1], (row) => row[2]],
      ["H", this.data.people, "person_busy", "person_away", () => 1, (row) => row[1]],
      ["I", this.data.interpreters, "interpreter_busy", "interpreter_away", () => 1, (row) => row[1]],
    ];
    for (const [kind, known, busy, away, most, hours] of people) {
      for (const id of card[kind]) {
        const row = this.use[kind].get(id);
        const facts = known[id];
        if (!row || !facts) continue;
        mark(this.ranks[busy], (u) => row[u] >= most(facts));
        const open = this.open(hours(facts));
        if (open) mark(this.ranks[away], (u) => !open[u]);
      }
    }
    const other = card.g ? this.any : this.whole;
    mark(this.ranks.whole_meeting, (u) => other[u] > 0);
    if (card.b) return { time, tables: null };
    const tables = this.columns.map((row, c) => {
      const bad = new Uint8Array(time);
      const place = this.data.columns[c];
      const open = this.open(place.hours);
      const [taken, closed] = [this.ranks.place_taken, this.ranks.place_closed];
      const small = place.code && place.seats < card.q ? this.ranks.place_small : 0;
      for (let u = 0; u < this.size; u += 1) {
        if (place.code && row[u] > 0 && bad[u] < taken) bad[u] = taken;
        if (open && !open[u] && bad[u] < closed) bad[u] = closed;
        if (bad[u] < small) bad[u] = small;
      }
      return bad;
    });
    return { time, tables };
  }

  /** The worst that stands in the way of a card at a place in time: `{rank, why}`, the reason in words. */
  check(card, to) {
    const found = { rank: 0, why: "" };
    const say = (kind, who, other) => {
      const rank = this.ranks[kind] || 0;
      if (rank > found.rank) {
        found.rank = rank;
        found.why = this.data.sentences[kind].replace("{who}", who).replace("{other}", other || "");
      }
    };
    const from = this.offsets[to.d] + to.s;
    const end = from + to.n;
    const away = (hours) => {
      if (!hours.length) return false;
      const open = this.open(hours);
      for (let u = from; u < end; u += 1) if (!open[u]) return true;
      return false;
    };
    const busy = (row, most) => {
      for (let u = from; u < end; u += 1) if (row[u] >= most) return true;
      return false;
    };
    const who = (test) => {
      for (const other of this.cards.values()) {
        if (other === card || other.lifted || other.d < 0 || !other.e) continue;
        const at = this.offsets[other.d] + other.s;
        if (at < end && from < at + other.n && test(other)) return other.t;
      }
      return "";
    };
    const place = this.data.columns[to.c];
    if (busy(card.g ? this.any : this.whole, 1)) say("whole_meeting", "", who((other) => other.g !== card.g));
    if (!card.b && place.code) {
      const row = this.columns[to.c];
      if (busy(row, 1)) say("place_taken", place.code, who((other) => !other.b && other.c <= to.c && to.c < other.c + other.w));
      if (away(place.hours)) say("place_closed", place.code);
    }
    for (const id of card.D) {
      const facts = this.data.delegations[id];
      if (!facts) continue;
      if (busy(this.use.D.get(id), facts[1])) say("delegation_busy", facts[0], who((other) => other.D.includes(id)));
      if (away(facts[2])) say("delegation_away", facts[0]);
    }
    for (const id of card.H) {
      const facts = this.data.people[id];
      if (!facts) continue;
      if (busy(this.use.H.get(id), 1)) say("person_busy", facts[0], who((other) => other.H.includes(id)));
      if (away(facts[1])) say("person_away", facts[0]);
    }
    for (const id of card.I) {
      const facts = this.data.interpreters[id];
      if (!facts) continue;
      if (busy(this.use.I.get(id), 1)) say("interpreter_busy", facts[0], who((other) => other.I.includes(id)));
      if (away(facts[1])) say("interpreter_away", facts[0]);
    }
    for (const other of this.cards.values()) {
      if (other === card || other.lifted || other.d < 0 || !other.e) continue;
      const at = this.offsets[other.d] + other.s;
      if (card.a && other.z === card.a && at + other.n > from) say("order_broken", "", other.t);
      if (card.z && other.a === card.z && end > at) say("order_broken", "", other.t);
    }
    if (!card.b && place.code && place.seats < card.q) say("place_small", place.code);
    return found;
  }

  /** Wall time of a unit of a day, as the server reads it. */
  wall(day, unit) {
    return `${this.data.days[day].day}T${this.clock(day, unit)}`;
  }

  clock(day, unit) {
    const minutes = this.data.days[day].first + unit * 5;
    return `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  }
}

/** Paint a mask over one day: a canvas with one point a unit and table, stretched by the style sheet. */
export function paint(canvas, model, card, { day, columns, across, colours }) {
  const { time, tables } = model.mask(card);
  const { units } = model.data.days[day];
  [canvas.width, canvas.height] = across ? [units, columns.length] : [columns.length, units];
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  columns.forEach((column, c) => {
    const bad = tables ? tables[column] : time;
    for (let u = 0; u < units; u += 1) {
      const rank = bad[model.offsets[day] + u];
      if (rank) image.data.set(colours[rank], 4 * (across ? c * units + u : u * columns.length + c));
    }
  });
  context.putImageData(image, 0, 0);
}
