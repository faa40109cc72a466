// The page comes to life: theme, index, filters, the address, the keys.

const causes = {};
const causeWords = (cause) => causes[cause] ?? cause;

async function start() {
  startTheme();
  const index = readIndex(await unpack(byId("index").textContent));
  Object.assign(causes, index.causes);
  const form = byId("filters");
  fillFilters(form, index);
  form.hidden = false;
  const listing = new Listing(index);
  const reading = new Reading(index);
  const texts = new Map();
  const list = () => listing.show(matching(index.records, wantedOf(form), texts));
  const listAddress = () => `#items?${new URLSearchParams(wantedOf(form))}`;

  async function changed() {
    if (form.elements.search.value.trim()) await readTexts(index.records, texts);
    history.replaceState(null, "", listAddress());
    list();
  }

  async function arrived() {
    const [place, given] = location.hash.slice(1).split(/\?(.*)/s);
    const wanted = new URLSearchParams(given ?? "");
    byId("trouble").hidden = true;
    if (place === "item") {
      const record = Object.fromEntries(wanted);
      record.composition = { id: record.composition };
      await reading.show(itemKey(record), listing.found);
      return;
    }
    if (reading.open) reading.dialog.close();
    if (place === "items" && given !== undefined) {
      setFilters(form, wanted);
      if (wanted.get("search")) await readTexts(index.records, texts);
      list();
      byId("items").scrollIntoView();
    }
  }

  let pause;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => changed().catch(tell), 150);
  });
  form.addEventListener("reset", () => setTimeout(() => changed().catch(tell)));
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => arrived().catch(tell));
  reading.dialog.addEventListener("close", () => {
    if (location.hash.startsWith("#item?")) history.replaceState(null, "", listAddress());
  });
  listenToKeys(listing, reading);
  list();
  await arrived();
}

function startTheme() {
  const button = byId("theme");
  const root = document.documentElement;
  const dark = () => root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const name = () => { button.textContent = dark() === "dark" ? "Light" : "Dark"; };
  button.addEventListener("click", () => {
    root.dataset.theme = dark() === "dark" ? "light" : "dark";
    name();
  });
  name();
  button.hidden = false;
}

function tell(error) {
  byId("trouble").textContent = visible(String(error.message ?? error));
  byId("trouble").hidden = false;
}

start().catch(tell);
