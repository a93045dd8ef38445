import type { ExitName } from "./command-spec.ts";

/** What the exit codes mean, for the help. */
export const exitMeanings: Readonly<Record<ExitName, string>> = {
	ok: "done",
	failed: "the task or command failed",
	usage: "wrong flags or arguments",
	configuration: "the configuration has an error",
	unreachable: "daemon, host or model could not be reached",
	denied: "a permission was needed and nobody could be asked, or it was denied",
	limit: "the limit of steps, of the context or of the time was reached before the end",
	interrupted: "stopped with Ctrl-C",
};
