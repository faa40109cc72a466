// Python in colours: a program as spans, each of one kind of token.

const KEYWORDS = new Set(
  ("False None True and as assert async await break class continue def del elif else except " +
    "finally for from global if import in is lambda nonlocal not or pass raise return try " +
    "while with yield").split(" "),
);
const TOKENS = new RegExp(
  [
    /(?<comment>#[^\n]*)/,
    /(?<string>(?:\b[rbfuRBFU]{1,2})?(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<number>\b\d[\w.]*)/,
    /(?<word>[\p{L}_][\p{L}\p{N}_]*)/,
    /(?<other>[^]?)/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gu",
);

function colored(source) {
  const code = element("code");
  let plain = "";
  let called = "";
  for (const { 0: text, groups } of source.matchAll(TOKENS)) {
    const kind = kindOf(text, groups, called);
    if (groups.word) called = text;
    if (kind) {
      code.append(visible(plain), element("span", { class: `py-${kind}` }, text));
      plain = "";
    } else {
      plain += text;
    }
  }
  code.append(visible(plain));
  return code;
}

function kindOf(text, groups, before) {
  for (const kind of ["comment", "string", "number"]) if (groups[kind]) return kind;
  if (!groups.word) return "";
  if (KEYWORDS.has(text)) return "keyword";
  return before === "def" || before === "class" ? "name" : "";
}
