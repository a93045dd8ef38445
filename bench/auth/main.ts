import { cpus, loadavg } from "node:os";
import { startAccountsBench } from "../../apps/accounts/testing/accounts-bench.ts";
import { measureIdentityCheck } from "./identity-check.ts";
import { measureRefreshStorm } from "./refresh-storm.ts";
import { measureSignIns } from "./sign-ins.ts";

/** `npm run bench:auth`: accounts' own routes on a new embedded back end, and the check that every site makes of a session. */
const identity = await measureIdentityCheck();
const bench = await startAccountsBench();
try {
	const storm = await measureRefreshStorm(bench);
	const signIns = await measureSignIns(bench);
	const rows: readonly (readonly [string, string, string, boolean | null])[] = [
		["check of a session, ES256, median", `${identity.medianMs.toFixed(3)} ms`, "under 2 ms", identity.medianMs < 2],
		["the same, slowest of 100", `${identity.slowestOfHundredMs.toFixed(3)} ms`, "", null],
		["requests to the back end in 5,200 checks", String(identity.backEndRequests), "1 (its keys)", identity.backEndRequests === 1],
		[`storm of ${storm.requests}: answered as signed in`, String(storm.answered), "all", storm.answered === storm.requests],
		["storm: rotations at the back end", String(storm.rotations), "1", storm.rotations === 1],
		["storm: live sessions at the end", String(storm.liveSessions), "1", storm.liveSessions === 1],
		["storm: time until the last answer", `${storm.totalMs.toFixed(0)} ms`, "", null],
		[`sign-ins with a password (${signIns.count}, 8 at once)`, `${signIns.perSecond.toFixed(1)} /s`, "", null],
	];
	const load = loadavg()[0]?.toFixed(1) ?? "?";
	process.stdout.write(`\n${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}, load ${load}\n\n`);
	for (const [what, measured, bar, isMet] of rows) {
		const verdict = isMet === null ? "" : isMet ? "met" : "MISSED";
		process.stdout.write(`  ${what.padEnd(44)}  ${measured.padStart(10)}  ${bar.padEnd(12)}  ${verdict}\n`);
	}
	if (rows.some(([, , , isMet]) => isMet === false)) {
		process.exitCode = 1;
	}
} finally {
	await bench.stop();
}
