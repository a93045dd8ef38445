import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Where a stand-in for cloudflared is reached. */
export interface StandIn {
	/** For OPTA_CLOUDFLARED. */
	readonly program: string;
	/** Public side, as `127.0.0.2:18443`. */
	readonly publicPlace: string;
	/** Has the running one do something, as `/cut`; answers its process number and what it was started with. */
	readonly tell: (order: string) => Promise<StandInFacts>;
}

/** What a running stand-in says of itself. */
export interface StandInFacts {
	readonly pid: number;
	readonly arguments: readonly string[];
	/** Length of the token in its environment. */
	readonly tokenLength: number;
}

/** Writes a program into a folder that runs the stand-in between a public place and whatever door it is pointed at. */
export function writeStandIn(folder: string, { publicPlace, controlPlace }: { publicPlace: string; controlPlace: string }): StandIn {
	const script = fileURLToPath(new URL("stand-in-cloudflared.ts", import.meta.url));
	const program = path.join(folder, "cloudflared");
	const variables = `STAND_IN_PUBLIC=${publicPlace} STAND_IN_CONTROL=${controlPlace}`;
	writeFileSync(program, `#!/bin/sh\n${variables} exec "${process.execPath}" "${script}" "$@"\n`);
	chmodSync(program, 0o755);
	return {
		program,
		publicPlace,
		tell: async (order) => (await fetch(`http://${controlPlace}${order}`, { method: "POST" })).json() as Promise<StandInFacts>,
	};
}
