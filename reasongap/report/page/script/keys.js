// The keyboard. Keys typed into a field are the field's.

function listenToKeys(listing, reading) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const acts = {
      j: () => (reading.open ? follow("next") : listing.step(1)),
      k: () => (reading.open ? follow("previous") : listing.step(-1)),
      "/": () => !reading.open && byId("filters").elements.search.focus(),
      "?": () => !byId("help").open && byId("help").showModal(),
    };
    if (acts[event.key] && !(byId("help").open && event.key !== "?")) {
      event.preventDefault();
      acts[event.key]();
    }
  });
}

function follow(id) {
  if (!byId(id).hidden) location.replace(byId(id).href);
}
