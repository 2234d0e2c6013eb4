/** What can go wrong, told to the learner: what happened, and what to do. */

export class Problem extends Error {
  constructor(title, remedy = "", code = "") {
    super(title);
    this.remedy = remedy;
    this.code = code;
  }
}
