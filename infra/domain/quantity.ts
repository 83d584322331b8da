const shape = /^(\d+)(?:\.(\d+))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

/** Powers of ten by suffix; the binary suffixes are powers of 1024. */
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/**
 * A Kubernetes quantity in billionths of its unit, exactly: `500m` and `0.5` are the same number.
 * Anything smaller than a billionth is dropped. Undefined when the text is no quantity.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): bigint | undefined {
  const match = shape.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", suffix = ""] = match;
  const digits = BigInt(whole + fraction);
  const binaryPower = binary.indexOf(suffix) + 1;
  const exponent = /^[eE]-?\+?\d/.test(suffix) ? Number(suffix.slice(1)) : (decimal[suffix] ?? 0);
  const tens = exponent + 9 - fraction.length;
  const scaled = digits * 1024n ** BigInt(binaryPower);
  return tens >= 0 ? scaled * 10n ** BigInt(tens) : scaled / 10n ** BigInt(-tens);
}

/** Whether two quantities are the same amount, whatever way they are written. */
export function sameQuantity(a: string, b: string): boolean {
  const amount = parseQuantity(a);
  return amount !== undefined && amount === parseQuantity(b);
}

/** Whether `a` is more than `b`. Texts that are no quantities count as nothing. */
export function exceeds(a: string, b: string): boolean {
  return (parseQuantity(a) ?? 0n) > (parseQuantity(b) ?? 0n);
}
