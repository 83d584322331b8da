/**
 * Columns that a text takes on a terminal, in place of the npm package of that name, which yargs asks
 * for it to lay out the help: letters of the help are one column wide, and loading the tables for all
 * others takes longer than everything else that a command needs to start.
 */
export default function stringWidth(text: string): number {
  return text.length;
}
