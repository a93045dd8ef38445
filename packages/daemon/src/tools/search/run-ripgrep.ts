import { StringDecoder } from "node:string_decoder";
import { runBounded } from "../process/run-bounded.ts";

/** One search. */
export interface RipgrepSearch {
	readonly args: readonly string[];
	/** Folder it runs in. */
	readonly cwd: string;
	readonly signal: AbortSignal;
	/** What ends each record of its output. */
	readonly separator: "\n" | "\0";
	/** Takes a record; false ends the search. */
	readonly onRecord: (record: string) => boolean;
}

/** How a search ended. */
export type RipgrepEnd =
	| { readonly kind: "done" | "stopped" | "timed_out" }
	/** Wrong pattern, files that cannot be read; ripgrep's own words. */
	| { readonly kind: "failed"; readonly message: string };

const timeoutMs = 60_000;

/** Runs ripgrep without any configuration of its own. Rejects where the signal says so. */
export async function runRipgrep({ args, cwd, signal, separator, onRecord }: RipgrepSearch): Promise<RipgrepEnd> {
	const { rgPath } = await import("@vscode/ripgrep");
	const decoder = new StringDecoder("utf8");
	let open = "";
	const end = await runBounded({
		program: rgPath,
		args: ["--no-config", ...args],
		cwd,
		environment: {},
		signal,
		timeoutMs,
		onOutput: (chunk) => {
			const records = (open + decoder.write(chunk)).split(separator);
			open = records.pop() ?? "";
			return records.every(onRecord);
		},
	});
	// 1 is "nothing found".
	return end.kind === "done" && end.code === 2 && end.message !== "" ? { kind: "failed", message: end.message } : { kind: end.kind };
}
