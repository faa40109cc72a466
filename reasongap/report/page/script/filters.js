// Which answers are wanted: the form above the list, and the part of the address after "#items?".

const FIELDS = ["model", "strategy", "setting", "outcome", "cause", "flip"];
const FLIPS = { gained: "right, baseline wrong", lost: "wrong, baseline right" };

function fillFilters(form, index) {
  const words = { cause: index.causes, flip: FLIPS };
  const known = { model: index.models, strategy: index.strategies, setting: index.settings };
  for (const name of FIELDS) {
    const found = new Set(index.records.map((record) => record[name]).filter(Boolean));
    const order = known[name] ?? Object.keys(words[name] ?? {});
    const values = order.length ? order.filter((value) => found.has(value)) : [...found].sort();
    if (name === "outcome") values.unshift("failed");
    const select = form.elements[name];
    select.append(new Option("any", ""));
    for (const value of values) {
      select.append(new Option(visible(words[name]?.[value] ?? value), value));
    }
    select.disabled = values.length === 0;
  }
}

function wantedOf(form) {
  const given = [...new FormData(form)].filter(([, value]) => value);
  return Object.fromEntries(given);
}

function setFilters(form, wanted) {
  for (const name of [...FIELDS, "search"]) {
    const value = wanted.get(name) ?? "";
    form.elements[name].value = value;
    if (form.elements[name].value !== value) form.elements[name].value = "";
  }
}

const BROKEN = new Set(["model_error", "sandbox_error"]);

function matching(records, wanted, texts) {
  const words = (wanted.search ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const exact = FIELDS.filter((name) => wanted[name] && wanted[name] !== "failed");
  return records.filter(
    (record) =>
      exact.every((name) => record[name] === wanted[name]) &&
      (wanted.outcome !== "failed" ||
        (record.outcome !== "correct" && !BROKEN.has(record.outcome))) &&
      (words.length === 0 || contains(record, words, texts)),
  );
}

function contains(record, words, texts) {
  const { composition, answer, gold, rule } = record;
  const shown = [composition.id, ...composition.hops.map((hop) => hop[0]), answer, gold, rule];
  const haystack = `${shown.join("\n")}\n${texts.get(record) ?? ""}`.toLowerCase();
  return words.every((word) => haystack.includes(word));
}

// What every reply says, for searching; of chunks beside the page only what was opened.
async function readTexts(records, texts) {
  for (const record of records) {
    const place = record.composition.chunk;
    if (!texts.has(record) && (byId(`chunk-${place}`) || opened.has(place))) {
      const { replies } = (await detailsOf(record)).answers[record.within];
      texts.set(record, replies.map((reply) => reply.text).join("\n"));
    }
  }
}
