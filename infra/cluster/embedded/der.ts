// The part of ASN.1's Distinguished Encoding Rules (ITU-T X.690) that X.509 certificates need.

/** A SEQUENCE of encoded values. */
export function sequence(...values: readonly Buffer[]): Buffer {
  return encode(0x30, Buffer.concat(values));
}

/** A SET of one encoded value. */
export function set(value: Buffer): Buffer {
  return encode(0x31, value);
}

/** An INTEGER from its big-endian bytes, whose first bit is the sign. */
export function integer(bytes: Buffer): Buffer {
  return encode(0x02, bytes);
}

/** A BOOLEAN. */
export function boolean(value: boolean): Buffer {
  return encode(0x01, Buffer.from([value ? 0xff : 0]));
}

/** A BIT STRING whose last byte has `unused` bits that don't count. */
export function bitString(bytes: Buffer, unused: number): Buffer {
  return encode(0x03, Buffer.concat([Buffer.from([unused]), bytes]));
}

/** An OCTET STRING. */
export function octetString(bytes: Buffer): Buffer {
  return encode(0x04, bytes);
}

/** A UTF8String. */
export function utf8(text: string): Buffer {
  return encode(0x0c, Buffer.from(text));
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return encode(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A time in whole seconds: UTCTime until 2049 and GeneralizedTime after, as RFC 5280 4.1.2.5 asks. */
export function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/[-:T]|\..*/g, "")}Z`;
  return date.getUTCFullYear() < 2050
    ? encode(0x17, Buffer.from(digits.slice(2)))
    : encode(0x18, Buffer.from(digits));
}

/** A value under a context-specific tag: around an encoded value, or around plain bytes when primitive. */
export function context(
  tag: number,
  value: Buffer,
  form: "constructed" | "primitive" = "constructed",
): Buffer {
  return encode((form === "constructed" ? 0xa0 : 0x80) | tag, value);
}

function encode(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...length(content.length)]), content]);
}

function length(value: number): number[] {
  if (value < 0x80) return [value];
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift(0x80 | (rest & 0x7f));
  return bytes;
}
