// One item open: the question, and the strategies' answers side by side.

class Reading {
  constructor(index) {
    this.index = index;
    this.dialog = byId("item");
    this.body = byId("item-body");
    byId("close").addEventListener("click", () => this.dialog.close());
  }

  get open() {
    return this.dialog.open;
  }

  // Opens the item of that key; `around` is what the list shows, to step through.
  async show(key, around) {
    const records = this.index.items.get(key);
    if (!records) throw new Error("this page holds no such item");
    const details = await detailsOf(records[0]);
    const first = records[0];
    byId("item-title").textContent = visible(`${first.setting} · ${first.model}`);
    this.steps(key, around);
    this.body.replaceChildren(
      ...asked(first, details),
      this.others(first),
      element("div", { class: "answers" }, ...records.map((record) => this.card(record, details))),
    );
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.scrollTop = 0;
    byId("item-title").focus();
  }

  steps(key, around) {
    const keys = [...new Set(around.map((record) => record.key))];
    const place = keys.indexOf(key);
    byId("place").textContent = place < 0 ? "" : `${place + 1} of ${keys.length}`;
    for (const [id, next] of [["previous", keys[place - 1]], ["next", keys[place + 1]]]) {
      const records = place < 0 ? undefined : this.index.items.get(next);
      byId(id).hidden = !records;
      if (records) byId(id).href = itemLink(records[0]);
    }
  }

  // The same composition in other settings, of other models, in other repeats.
  others(first) {
    const nav = element("nav", { "aria-label": "Same composition", class: "others" });
    const near = { setting: this.index.settings, model: this.index.models, repeat: [] };
    for (const records of this.index.items.values()) {
      if (records[0].composition === first.composition) near.repeat.push(records[0].repeat);
    }
    near.repeat = [...new Set(near.repeat)].sort((a, b) => a - b);
    for (const [name, values] of Object.entries(near)) {
      const there = values
        .map((value) => [value, { ...first, [name]: value }])
        .filter(([, other]) => this.index.items.has(itemKey(other)));
      if (there.length < 2) continue;
      const links = there.map(([value, other]) => {
        const current = value === first[name] ? { "aria-current": "true" } : {};
        return element("a", { href: itemLink(other), ...current }, String(value));
      });
      nav.append(element("p", {}, element("b", {}, name), ...links));
    }
    return nav;
  }

  card(record, details) {
    const answer = details.answers[record.within];
    const golds = details.settings[record.setting].golds;
    const flip = record.flip ? [element("span", { class: "faint" }, FLIPS[record.flip])] : [];
    const title = element("h3", {}, `${record.strategy} `, badge(record.outcome), ...flip);
    return element(
      "article",
      { "aria-label": record.strategy },
      title,
      facts(verdict(record, answer, golds)),
      ...(answer.error ? [element("pre", { class: "error" }, answer.error)] : []),
      ...replied(answer),
      ...ran(answer),
    );
  }
}

function asked(record, details) {
  const { hops, golds } = details.settings[record.setting];
  const made = record.composition.hops;
  const list = element("ol", { class: "hops" });
  hops.forEach((text, place) => {
    const gold = element("span", { class: "gold" }, `Right: ${golds[place]}`);
    const item = element("li", {}, ...(place ? marked(text) : [text]), " ", gold);
    if (place && made[place]?.[2] && record.setting === "composed") {
      const x = `X is the answer to the problem before: ${golds[place - 1]}. It stands for ` +
        `${made[place][2]} in the problem as published.`;
      item.append(element("span", { class: "line faint" }, x));
    }
    list.append(item);
  });
  const worked = details.solutions.filter(Boolean);
  const id = element("p", { class: "faint" }, record.composition.id);
  if (!worked.length) return [list, id];
  const solutions = worked.map((text) => element("pre", {}, text));
  const more = element("details", {}, element("summary", {}, "Worked solutions, as published"));
  more.append(...solutions);
  return [list, more, id];
}

// The text with every lone X marked.
function marked(text) {
  return text.split(/\b(X)\b/).map((part, i) => (i % 2 ? element("mark", {}, part) : part));
}

function verdict(record, answer, golds) {
  const said = [
    ["right answer", record.gold],
    ["answered", record.answer ?? "–"],
    ["read by", record.rule ? `rule ${record.rule}` : "no rule found a number"],
    ["asked-for form", answer.strict ? "right" : "not right"],
  ];
  answer.hops.forEach((hop, place) =>
    said.push([`hop ${place + 1}`, hop === null ? "not stated" : `${hop} (right: ${golds[place]})`]),
  );
  if (record.cause) said.push(["where it broke", causeWords(record.cause)]);
  if (answer.findings.length) said.push(["noticed", answer.findings.join(", ")]);
  return said;
}

function facts(pairs) {
  const list = element("dl", { class: "facts" });
  for (const [name, value] of pairs) {
    list.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  }
  return list;
}

function replied(answer) {
  return answer.replies.map((reply, place) => {
    const many = answer.replies.length > 1 ? ` ${place + 1}` : "";
    const took = [
      reply.tokens === null ? "" : `${reply.tokens} tokens`,
      reply.cost ? `$${reply.cost.toPrecision(3)}` : "",
      `${reply.seconds.toFixed(1)} s`,
      reply.finish === "stop" ? "" : `ended by ${reply.finish}`,
    ];
    // A program says what its reply said; the reply is folded up then.
    const open = answer.programs.length ? {} : { open: "" };
    const small = element("small", {}, took.filter(Boolean).join(" · "));
    const text = element("pre", {}, reply.text.trim() || "(empty)");
    return element("details", open, element("summary", {}, `Reply${many} `, small), text);
  });
}

function ran(answer) {
  return answer.programs.flatMap((program, place) => {
    const source = Array.isArray(program)
      ? answer.replies[program[0]].text.slice(program[1], program[1] + program[2])
      : program;
    return [
      element("h4", {}, answer.programs.length > 1 ? `Program ${place + 1}` : "Program"),
      element("pre", { class: "program" }, colored(source.replace(/^\n+|\s+$/g, ""))),
      ...executed(answer.executions[place]),
    ];
  });
}

function executed(run) {
  const said = [["status", run.status], ["value", run.value ?? "none"]];
  if (run.value_from) said.push(["value of", run.value_from]);
  if (run.hop_values) said.push(["hops", run.hop_values.map((value) => value ?? "none").join(", ")]);
  said.push(["took", `${((run.seconds ?? 0) * 1000).toFixed(0)} ms`]);
  if (run.peak_memory) said.push(["memory", `${(run.peak_memory / 2 ** 20).toFixed(0)} MiB`]);
  if (run.truncated) said.push(["cut", run.truncated.join(", ")]);
  const parts = [element("h4", {}, "Execution"), facts(said)];
  if (run.error) parts.push(element("pre", { class: "error" }, run.error));
  if (run.stdout) parts.push(element("h4", {}, "Output"), element("pre", {}, run.stdout));
  return parts;
}
