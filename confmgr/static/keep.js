/* A form whose text is not lost: sent from the open page, kept there while it cannot be sent, and sent again.
   Nothing is stored in the browser. Without this script the form is an ordinary one. */
"use strict";

const WAITS = [3000, 6000, 12000, 24000, 60000];
const SENDS_AGAIN = new Set(["offline", "failed"]);
let unsent = null; // what was pressed, while it is not carried out
let again = null;
let round = 0;

const form = () => document.querySelector("form[data-keep]");
const notice = () => document.querySelector("[data-kept]");

function busy(on) {
  for (const button of form().elements) {
    if (button.type === "submit") button.toggleAttribute("aria-disabled", on);
  }
}

/** Say why it was not sent, and when it is tried again. */
function keep(why) {
  const box = notice();
  const [words, sign, button] = [box.querySelector("[data-words]"), box.querySelector("a"), box.querySelector("button")];
  words.textContent = box.dataset[why];
  sign.hidden = why !== "ended";
  button.hidden = ["refused", "changed"].includes(why);
  box.hidden = false;
  busy(false);
  clearTimeout(again);
  box.scrollIntoView({ block: "nearest" });
  if (SENDS_AGAIN.has(why)) again = setTimeout(send, WAITS[Math.min(round++, WAITS.length - 1)]);
}

/** The token of whoever is signed in now: that of an earlier sign-in is worth nothing any more. If that is somebody
    else than the one who wrote, there is none: another person must neither send nor own it. */
async function freshToken() {
  const answer = await fetch(location.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("input[name=csrf_token]");
  if (page.querySelector("form[data-keep]")?.dataset.keep !== form().dataset.keep) return false;
  if (token) for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token.value;
  return Boolean(token);
}

/** What the server has drawn anew: the same form with its faults, or a sentence that has to be read first.
    Files that were chosen stay chosen: a page cannot carry them back. */
function redraw(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const chosen = [...form().elements].filter((input) => input.type === "file" && input.files.length);
  for (const part of ["#content", ".deck"]) {
    const [old, next] = [document.querySelector(part), page.querySelector(part)];
    if (old && next) old.replaceWith(document.adoptNode(next));
  }
  for (const input of chosen) if (form().elements[input.name]) form().elements[input.name].files = input.files;
  document.dispatchEvent(new Event("confmgr:drawn"));
  const told = document.querySelector(".summary-errors, #content .notice:not([hidden])");
  if (told) {
    told.setAttribute("tabindex", "-1");
    told.focus();
  }
}

function carriedOut(address) {
  unsent = null;
  location.assign(address);
}

/** More than the server takes: it would break off while it is being sent, which looks like no connection. */
function tooLarge() {
  const files = [...form().elements].flatMap((input) => [...(input.files || [])]);
  return files.reduce((sum, file) => sum + file.size, 0) > Number(form().dataset.most || Infinity);
}

async function send() {
  clearTimeout(again);
  if (!unsent || !form()) return;
  if (tooLarge()) return keep("large");
  busy(true);
  const body = new FormData(form());
  if (unsent.name) body.set(unsent.name, unsent.value);
  const headers = { "HX-Request": "true", "X-Keep": "1" };
  let answer;
  let text;
  try {
    answer = await fetch(form().action, { method: "POST", body, headers, credentials: "same-origin" });
    text = await answer.text();
    if (answer.status === 400 && !unsent.renewed) {
      unsent.renewed = true;
      if (await freshToken()) return send();
    }
  } catch {
    return keep("offline");
  }
  if (answer.status === 201) return carriedOut(answer.headers.get("Location"));
  if (answer.redirected) return carriedOut(answer.url);
  if (answer.ok || answer.status === 422) {
    unsent = null;
    round = 0;
    return redraw(text);
  }
  unsent.renewed = false;
  if (answer.status >= 500) return keep("failed");
  if (answer.status === 409) return keep("changed");
  if (answer.status === 413) return keep("large");
  return keep([400, 401].includes(answer.status) ? "ended" : "refused");
}

document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== form()) return;
    event.preventDefault();
    event.stopPropagation();
    if (unsent && !notice().hidden) round = 0;
    const pressed = event.submitter;
    unsent = { name: pressed ? pressed.name : "do", value: pressed ? pressed.value : "draft", renewed: false };
    send();
  },
  true,
);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-kept] button")) send();
});

window.addEventListener("online", () => send());

window.addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});

let asking = null;

/** The sentence beside the button, whenever marking, receivers or restrictions change. */
async function foretell() {
  if (asking) asking.abort();
  const mine = (asking = new AbortController());
  const all = new FormData(form());
  const body = new URLSearchParams();
  for (const name of ["csrf_token", "tlp", "to", "handling"]) {
    for (const value of all.getAll(name)) body.append(name, value);
  }
  const place = document.getElementById("consequence");
  const address = form().dataset.consequence;
  place.setAttribute("aria-busy", "true"); // what stands there is about the choice before
  try {
    const answer = await fetch(address, { method: "POST", body, signal: mine.signal, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const said = await answer.json();
    place.textContent = said.sentence;
    form().elements.agreed.value = said.agreed;
  } catch (failed) {
    if (failed.name !== "AbortError") place.textContent = place.dataset.unknown;
  }
  if (asking === mine) place.removeAttribute("aria-busy");
}

// A browser that comes back to the page, or opens it again, ticks what was ticked and tells nobody.
window.addEventListener("pageshow", (event) => {
  const [way] = performance.getEntriesByType("navigation");
  const back = event.persisted || (way && way.type !== "navigate");
  if (back && form() && form().dataset.consequence) foretell();
});

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.form && input.form === form() && input.form.dataset.consequence && input.matches("[name=tlp], [name=to], [name=handling]")) {
    foretell();
  }
});
