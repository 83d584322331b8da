/** Where long work says what it is doing: one line a step, for a person, on standard error. */
export type Report = (line: string) => void;
