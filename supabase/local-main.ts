import "./baseline-wasm.ts";
import { type LocalSupabase, startLocalSupabase } from "./local.ts";
import { localUsage, parseLocalOptions } from "./local-options.ts";
import { quietErrors } from "./quiet-log.ts";
import { StartError } from "./start-error.ts";

function fail(error: unknown): never {
	const reason = error instanceof Error ? error.message : String(error);
	console.error(error instanceof StartError ? reason : `Supabase could not go on: ${reason}`);
	process.exit(1);
}

async function main(): Promise<void> {
	const options = parseLocalOptions(process.argv.slice(2));
	if (options === null) {
		process.stdout.write(localUsage);
		return;
	}
	const starting: Promise<LocalSupabase> = startLocalSupabase(options);
	let stopping = false;
	const stop = (): void => {
		if (!stopping) {
			stopping = true;
			starting.then((supabase) => supabase.close()).then(() => process.exit(0), fail);
		}
	};
	process.on("SIGTERM", stop);
	process.on("SIGINT", stop);
	process.on("disconnect", stop);
	const { port, mailboxPort } = await starting;
	if (!stopping) {
		console.info(`Supabase listens on http://127.0.0.1:${port}, its mailbox on http://127.0.0.1:${mailboxPort}/`);
		process.send?.({ type: "ready", port, mailboxPort });
	}
}

quietErrors();
process.on("uncaughtException", fail);
main().catch(fail);
