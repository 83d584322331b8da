/** A value on one line, cut to 80 characters. Texts stand bare where that cannot be misread. */
export function brief(value: unknown): string {
  const bare = typeof value === "string" && /^[\w./:@-]+$/.test(value);
  const text = bare ? value : JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
