import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { type LmxStatus, type LoadedModel, lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import type { Server } from "./measurement.ts";

/** An LMX that the bench started for itself. */
export interface OwnLmx extends Server {
	/** What `GET /admin/status` tells of the model. @throws while it is not loaded. */
	model(): Promise<LoadedModel>;
	/** Process id of the model's process that was started last. */
	enginePid(): number;
	/** Resident memory of the server's own process, in bytes (Linux). */
	residentBytes(): number;
	stop(): Promise<void>;
}

const main = path.join(import.meta.dirname, "../../packages/lmx/src/main.ts");

/** Starts LMX on a free port with a state folder of its own, and waits until the model answers. @throws when it ends instead. */
export async function startOwnLmx(flags: readonly string[]): Promise<OwnLmx> {
	const stateDir = mkdtempSync(path.join(tmpdir(), "opta-bench-"));
	const child = fork(main, ["--port", "0", "--state-dir", stateDir, ...flags], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
	let enginePid = 0;
	if (child.stdout !== null) {
		createInterface({ input: child.stdout }).on("line", (line) => {
			const entry = JSON.parse(line);
			enginePid = entry.enginePid ?? enginePid;
		});
	}
	const [message] = await Promise.race([
		once(child, "message"),
		once(child, "exit").then(([code]) => Promise.reject(new Error(`LMX ended with code ${code}.`))),
	]);
	const url = `http://127.0.0.1:${(message as { port: number }).port}`;
	const status = async (): Promise<LmxStatus> => lmxStatusSchema.parse(await (await fetch(`${url}/admin/status`)).json());
	return {
		name: "LMX",
		url,
		async model() {
			const [model] = (await status()).models;
			if (model === undefined) {
				throw new Error("LMX has no model.");
			}
			return model;
		},
		enginePid: () => enginePid,
		residentBytes() {
			const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
			return Number(kilobytes) * 1024;
		},
		async stop() {
			if (child.exitCode === null && child.signalCode === null) {
				child.kill("SIGTERM");
				await once(child, "exit");
			}
			rmSync(stateDir, { recursive: true, force: true });
		},
	};
}
