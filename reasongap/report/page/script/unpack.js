// The items come compressed; details come in chunks, from the page or from files beside it.

async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

const opened = new Map();

function chunk(place) {
  if (!opened.has(place)) {
    const inside = byId(`chunk-${place}`);
    opened.set(place, (inside ? Promise.resolve(inside.textContent) : beside(place)).then(unpack));
  }
  return opened.get(place);
}

// A page from disk may not fetch, but may load a script; it hands its text over by name.
function beside(place) {
  return new Promise((resolve, reject) => {
    const waiting = (window.reasongapItems ??= Object.assign(
      (given, text) => waiting.of.get(given)?.(text),
      { of: new Map() },
    ));
    waiting.of.set(place, resolve);
    const folder = byId("index").dataset.folder;
    const script = document.createElement("script");
    script.src = `${encodeURIComponent(folder)}/${place}.js`;
    script.onerror = () => {
      opened.delete(place);
      reject(new Error(`${folder}/${place}.js is not beside this page`));
    };
    document.head.append(script);
  });
}
