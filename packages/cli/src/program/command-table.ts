import { versionSpec } from "../commands/version/version-spec.ts";
import type { CommandSpec } from "./command-spec.ts";

/** Every command of `opta`, in the order of the help. */
export const commandSpecs: readonly CommandSpec[] = [versionSpec];
