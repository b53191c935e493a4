/* The seconds that a session still lasts; the page itself is fetched anew every half minute. */
"use strict";

const left = document.querySelector("[data-seconds]");
if (left) {
  const ends = performance.now() + 1000 * Number(left.dataset.seconds);
  const show = () => {
    const seconds = Math.max(0, Math.round((ends - performance.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    left.classList.toggle("is-short", seconds <= 300);
  };
  show();
  setInterval(show, 500);
}
