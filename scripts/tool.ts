// Prints where a pinned tool is, after fetching it when it is missing: node --import tsx scripts/tool.ts actionlint
import { ensureTools, type ToolName } from "../infra/toolchain/tools.ts";

const [name] = process.argv.slice(2) as ToolName[];
if (name === undefined) throw new Error("name a tool of infra/toolchain/manifest.ts");
const paths = await ensureTools([name], (line) => process.stderr.write(`${line}\n`));
process.stdout.write(paths[name]);
