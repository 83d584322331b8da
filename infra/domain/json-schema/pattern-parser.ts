/** A regular expression as a tree. */
export type Node =
  | { readonly kind: "character"; readonly test: RegExp }
  | { readonly kind: "sequence"; readonly nodes: readonly Node[] }
  | { readonly kind: "choice"; readonly nodes: readonly Node[] }
  | { readonly kind: "repeat"; readonly node: Node; readonly min: number; readonly max: number }
  | { readonly kind: "place"; readonly holds: Place }
  | { readonly kind: "ahead"; readonly node: Node; readonly negative: boolean };

/** Whether a place between two characters is one that is asked for, such as the end. */
export type Place = (characters: readonly string[], index: number) => boolean;

const boundary: Place = (characters, index) =>
  isWord(characters[index - 1]) !== isWord(characters[index]);

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^\w$/.test(character);
}

const places: Readonly<Record<string, Place>> = {
  "^": (_, index) => index === 0,
  $: ({ length }, index) => index === length,
  "\\b": boundary,
  "\\B": (characters, index) => !boundary(characters, index),
};

/** Reads an expression that is known to be sound. */
export class PatternParser {
  private readonly source: string;
  private offset = 0;

  constructor(source: string) {
    this.source = source;
  }

  choice(): Node {
    const nodes = [this.sequence()];
    while (this.take(/\|/uy)) nodes.push(this.sequence());
    return { kind: "choice", nodes };
  }

  private sequence(): Node {
    const nodes: Node[] = [];
    while (this.offset < this.source.length && !/[|)]/.test(this.source[this.offset] ?? "")) {
      nodes.push(this.repeated(this.atom()));
    }
    return { kind: "sequence", nodes };
  }

  private repeated(node: Node): Node {
    const found = this.take(/(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/uy);
    if (!found) return node;
    const [, sign, least, comma, most] = found;
    if (sign !== undefined) {
      const max = sign === "?" ? 1 : Number.POSITIVE_INFINITY;
      return { kind: "repeat", node, min: sign === "+" ? 1 : 0, max };
    }
    const min = Number(least);
    const max = comma ? (most ? Number(most) : Number.POSITIVE_INFINITY) : min;
    return { kind: "repeat", node, min, max };
  }

  private atom(): Node {
    const ahead = this.take(/\(\?([=!])/uy);
    if (ahead) return { kind: "ahead", node: this.group(), negative: ahead[1] === "!" };
    if (this.take(/\((?:\?:|\?<[^>]*>)?/uy)) return this.group();
    const place = this.take(/\^|\$|\\[bB]/uy);
    if (place) return { kind: "place", holds: places[place[0]] as Place };
    const [text = ""] = this.take(oneCharacter) ?? [];
    return { kind: "character", test: new RegExp(`^${text}$`, "u") };
  }

  private group(): Node {
    const node = this.choice();
    this.take(/\)/uy);
    return node;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.source);
    if (found) this.offset = pattern.lastIndex;
    return found;
  }
}

/** A class, an escape with its operand, or one character. */
const oneCharacter =
  /\[(?:\\[\s\S]|[^\]\\])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[\s\S])|[\s\S]/uy;
