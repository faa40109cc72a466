// The index of all answers: an object a record, and the groups that stand side by side.

// An item is what one model was asked once: all strategies' answers to the same question.
const itemKey = (record) =>
  [record.composition.id, record.setting, record.model, record.repeat].join("\n");

function readIndex(packed) {
  const { models, strategies, settings, causes, compositions, records: columns } = packed;
  const names = { model: models, strategy: strategies, setting: settings };
  const columnNames = Object.keys(columns);
  const firsts = new Map();
  const items = new Map();
  const records = (columns.composition ?? []).map((_, place) => {
    const record = Object.fromEntries(columnNames.map((name) => [name, columns[name][place]]));
    for (const [name, known] of Object.entries(names)) record[name] = known[record[name]];
    record.composition = compositions[record.composition];
    if (!firsts.has(record.composition)) firsts.set(record.composition, place);
    record.within = place - firsts.get(record.composition);
    record.key = itemKey(record);
    if (!items.has(record.key)) items.set(record.key, []);
    items.get(record.key).push(record);
    return record;
  });
  return { models, strategies, settings, causes, records, items };
}

async function detailsOf(record) {
  return (await chunk(record.composition.chunk))[record.composition.at];
}

const itemLink = (record) =>
  `#item?${new URLSearchParams({
    composition: record.composition.id,
    setting: record.setting,
    model: record.model,
    repeat: record.repeat,
  })}`;
