import { join } from "node:path";
import type { Layout } from "./layout.ts";

/** Where a component's kubeconfig is. */
export const kubeconfigPath = (paths: Layout, component: string) =>
  join(paths.config, `${component}.kubeconfig`);

/** Where a configuration file is, by its name. */
export const configPath = (paths: Layout, name: string) => join(paths.config, name);
