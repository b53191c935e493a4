/** Choosing with a rectangle that is drawn over the board. */

const SLACK = 5;
/** Choose what a rectangle touches. */
export function marquee(board, event) {
  const field = event.target.closest(".bd-field");
  const box = field.getBoundingClientRect();
  const start = { x: event.clientX, y: event.clientY };
  const frame = document.createElement("div");
  frame.className = "bd-marquee";
  const move = (next) => {
    if (Math.hypot(next.clientX - start.x, next.clientY - start.y) < SLACK) return;
    const area = {
      left: Math.min(start.x, next.clientX), right: Math.max(start.x, next.clientX),
      top: Math.min(start.y, next.clientY), bottom: Math.max(start.y, next.clientY),
    };
    frame.style.setProperty("left", `${area.left - box.left}px`);
    frame.style.setProperty("top", `${area.top - box.top}px`);
    frame.style.setProperty("width", `${area.right - area.left}px`);
    frame.style.setProperty("height", `${area.bottom - area.top}px`);
    if (!frame.isConnected) field.append(frame);
    frame.area = area;
  };
  const up = () => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", up);
    frame.remove();
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) board.choose(null);
    if (!frame.area) return;
    const { left, right, top, bottom } = frame.area;
    for (const element of field.querySelectorAll(".card:not(.band)")) {
      const at = element.getBoundingClientRect();
      if (at.left < right && at.right > left && at.top < bottom && at.bottom > top && !board.chosen.has(element.value)) board.choose(element, true);
    }
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", up);
}
