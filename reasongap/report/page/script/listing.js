// The list of answers, a hundred rows at a time.

const STEP = 100;

class Listing {
  constructor(index) {
    this.index = index;
    this.found = [];
    this.body = byId("list").querySelector("tbody");
    byId("more").addEventListener("click", () => this.extend());
  }

  show(found) {
    this.found = found;
    this.body.replaceChildren();
    const right = found.filter((record) => record.outcome === "correct").length;
    const all = this.index.records.length;
    byId("count").textContent =
      `${found.length.toLocaleString("en")} of ${all.toLocaleString("en")} answers, ` +
      `${right.toLocaleString("en")} of them right`;
    byId("list").hidden = found.length === 0;
    this.extend();
  }

  extend() {
    const shown = this.body.rows.length;
    this.body.append(...this.found.slice(shown, shown + STEP).map(row));
    const left = this.found.length - this.body.rows.length;
    byId("more").hidden = left <= 0;
    byId("more").textContent = `Show ${Math.min(left, STEP)} more of ${left.toLocaleString("en")}`;
  }

  // Moves to the row after or before the one that has the focus.
  step(by) {
    const links = [...this.body.querySelectorAll("a")];
    const place = links.indexOf(document.activeElement);
    links[place < 0 ? 0 : Math.min(Math.max(place + by, 0), links.length - 1)]?.focus();
  }
}

function row(record) {
  const { composition, setting, model, strategy, outcome, gold, answer, rule, cause, flip } = record;
  const hop = Number(setting.match(/^hop(\d+)/)?.[1] ?? 1);
  const question = (composition.hops[hop - 1] ?? composition.hops[0])[0];
  const link = element("a", { href: itemLink(record) }, shortened(question, 90));
  const state = element("td", { class: "state" }, badge(outcome));
  if (flip) state.append(element("span", { class: "line faint" }, FLIPS[flip]));
  if (cause && cause !== outcome) state.append(element("span", { class: "line faint" }, causeWords(cause)));
  return element(
    "tr",
    {},
    element("th", { scope: "row", class: "question" }, link),
    element("td", {}, setting),
    element("td", { class: "name" }, model.split("/").at(-1)),
    element("td", {}, strategy),
    state,
    element("td", { class: "number" }, shortened(gold, 16)),
    element("td", { class: "number" }, shortened(answer ?? "–", 16)),
    element("td", {}, rule || "–"),
  );
}

const shortened = (text, most) =>
  text.length > most ? `${text.slice(0, most).trimEnd()}…` : text;

const KINDS = { correct: "good", model_error: "broken", sandbox_error: "broken" };

const badge = (outcome) =>
  element("span", { class: `badge ${KINDS[outcome] ?? "bad"}` }, outcome.replaceAll("_", " "));
