/* The publish page counts again when a tick or the shown mail changes; without script a button does it. */
"use strict";

const PARTS = ["publish-changes", "publish-sample", "publish-count", "publish-last"];
let asking = null;

function showButtons(shown) {
  for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = !shown;
}

async function countAgain(form) {
  if (asking) asking.abort();
  const mine = (asking = new AbortController());
  const body = new URLSearchParams(new FormData(form));
  body.set("do", "count");
  let text;
  try {
    const answer = await fetch(form.action, { method: "POST", body, signal: mine.signal, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    text = await answer.text();
  } catch (failed) {
    if (failed.name !== "AbortError") showButtons(true);
    return;
  }
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const focused = document.activeElement && document.activeElement.id;
  for (const id of PARTS) {
    const [old, next] = [document.getElementById(id), fresh.getElementById(id)];
    if (old && next) old.replaceWith(document.adoptNode(next));
  }
  showButtons(false);
  const again = focused && document.getElementById(focused);
  if (again) again.focus({ preventScroll: true });
}

const publishing = document.querySelector("form[data-publish]");
if (publishing) {
  showButtons(false);
  document.addEventListener("change", (event) => {
    if (event.target.form === publishing && event.target.matches("[name=take], [name=to]")) countAgain(publishing);
  });
}
