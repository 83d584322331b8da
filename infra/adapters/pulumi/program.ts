/** A Pulumi program: it registers resources and returns the stack's outputs. */
export type Program = () => Promise<Record<string, unknown>>;
