import { stringify } from "yaml";
import { readDocument } from "../text/document.ts";

/** Numbers from 0 to 1 that the seed alone decides (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A YAML or JSON text with one thing in it that its author did not mean. */
export function mutated(text: string, random: () => number): string {
  const { value } = readDocument("mutated", text);
  return value === undefined || random() < 0.5
    ? mutatedText(text, random)
    : mutatedValue(value, random);
}

const nest = (depth: number): unknown => (depth === 0 ? 1 : { a: [nest(depth - 1)] });

/** What stands where something else should: of every type, and of every size that hurts. */
const values: readonly unknown[] = [
  ...[null, true, "", " ", "null", "~", "x", "🤖", "\0", "\u2028", "a\nb", "$HOME", "../../etc"],
  ...[
    0,
    -1,
    -0,
    1.5,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    2 ** 53,
    1e21,
    1e-7,
    "1e999",
    "0x10",
    "9".repeat(400),
  ],
  ...[[], {}, [[]], [null], { "": "" }, [{}, {}], nest(20), nest(40)],
  ...[
    "x".repeat(5000),
    Array(2000).fill("x"),
    Object.fromEntries(keysOf(500)),
    "*",
    "&",
    "*".repeat(99),
  ],
  ...[{ constructor: { prototype: { polluted: 1 } } }, { toString: null }, { hasOwnProperty: 1 }],
  ...[{ $ref: "#" }, { $ref: "file:///etc/passwd" }, { $ref: "#/a", a: 1 }, { pattern: "(a+)+$" }],
];

function keysOf(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [`KEY_${index}`, "x"]);
}

const keys = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "a.b",
  "<<",
  "null",
  "k".repeat(3000),
  "\0",
];

/** Puts a strange value, or a strange key, at a random place. */
function mutatedValue(content: unknown, random: () => number): string {
  const places = [...placesIn(content)];
  const place = pick(places, random);
  if (place === undefined) return stringify(pick(values, random));
  const { holder, key } = place;
  if (random() < 0.2 && !Array.isArray(holder))
    define(holder, pick(keys, random) ?? "", holder[key]);
  else define(holder, key, pick(values, random));
  return random() < 0.5 ? stringify(content, { aliasDuplicateObjects: false }) : json(content);
}

/** JSON has no word for these numbers, but YAML has. */
function json(content: unknown): string {
  return JSON.stringify(content, (_, value) =>
    typeof value === "number" && !Number.isFinite(value) ? `.${value}` : value,
  );
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function* placesIn(content: unknown): Generator<Place> {
  if (typeof content !== "object" || content === null) return;
  const holder = content as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    yield { holder, key };
    yield* placesIn(holder[key]);
  }
}

/** Also `__proto__`, which an assignment would not make a key of. */
function define(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

const snippets = [
  ...[
    "\t",
    "\r",
    "\r\n",
    "\0",
    "\ufeff",
    "\u0085",
    "\u2028",
    "\ud800",
    "\u202e",
    "'",
    '"',
    "`",
    "#",
  ],
  ...[
    "&a ",
    "*a",
    "<<: ",
    "!!binary ",
    "!!js/function ",
    "!<tag:x> ",
    "? ",
    ": ",
    "- ",
    "-",
    "---\n",
  ],
  ...["...\n", "%YAML 1.1\n", "%TAG ! x\n", "|\n", ">-\n", "[", "]", "{", "}", ",", "{{ x }}", "@"],
  ...["[".repeat(80), "{a: ".repeat(80), "- ".repeat(80), "__proto__: 1\n", "constructor: 1\n"],
  ...["a: &a [x]\nb: [*a, *a]\n", "x: 1\nx: 2\n", "!!set {a}", "2001-01-01", "0o17", "yes", ".inf"],
];

/** Inserts, removes, doubles, cuts off or turns around. */
function mutatedText(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1));
  const lines = text.split("\n");
  const line = Math.floor(random() * lines.length);
  const edits: readonly (() => string)[] = [
    () => text.slice(0, at) + pick(snippets, random) + text.slice(at),
    () => text.slice(0, at) + pick(snippets, random) + text.slice(at),
    () => text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 20)),
    () => text.slice(0, at),
    () => lines.toSpliced(line, 1).join("\n"),
    () => lines.toSpliced(line, 0, lines[line] ?? "").join("\n"),
    () => lines.toSpliced(line, 1, ` ${lines[line]}`).join("\n"),
    () => lines.toReversed().join("\n"),
    () => text.replaceAll("\n", "\r\n"),
    () => `\ufeff${text}`,
    () => text + text,
  ];
  return pick(edits, random)?.() ?? text;
}

/** One of a list; undefined when it is empty. */
export function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}
