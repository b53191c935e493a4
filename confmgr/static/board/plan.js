/** The automatic schedule. */
export class Plan {
  constructor(board) { this.board = board; }
  open() { location.assign(this.board.root.querySelector("[data-do=plan]").href); }
}
