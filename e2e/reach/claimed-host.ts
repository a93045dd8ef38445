import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findFreePortBlock } from "@opta/platform/spawned/free-ports";
import { type StandIn, writeStandIn } from "@opta/tunnel/testing/stand-in";
import { expect, type Page } from "@playwright/test";
import { plainVariables } from "../platform/env.ts";
import { pageUrl } from "../steps/addresses.ts";

const hostScript = fileURLToPath(new URL("../../native-host/src/main.ts", import.meta.url));
const model = fileURLToPath(new URL("../../packages/lmx/models/stories260K.gguf", import.meta.url));

/** A second host beside the platform, whose public side is an address of its own: from it, everything comes from away. */
export interface ClaimedHost {
	readonly hostId: string;
	readonly name: string;
	/** Its cloudflared. */
	readonly tunnel: StandIn;
	readonly close: () => Promise<void>;
}

function startHost(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
	return spawn(process.execPath, [hostScript, ...args], { stdio: ["ignore", "pipe", "pipe", "ipc"], env: { ...plainVariables, ...env } });
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode === null && child.signalCode === null) {
		const ended = once(child, "exit");
		child.kill("SIGTERM");
		await ended;
	}
}

/** The code and the fingerprint that a claim shows in its terminal. */
async function readClaim(child: ChildProcess): Promise<{ readonly code: string; readonly fingerprint: string }> {
	let code: string | null = null;
	for await (const line of createInterface({ input: child.stdout as NonNullable<ChildProcess["stdout"]> })) {
		const shown = /^ {4}(\S{4}-\S{4})$/.exec(line)?.[1];
		if (shown !== undefined && code !== null) {
			return { code, fingerprint: shown };
		}
		code = shown ?? code;
	}
	throw new Error("The claim ended without a code.");
}

/** Claims a host in the browser as the person who is signed in there, and starts it behind a tunnel. */
export async function claimHost(page: Page, name: string): Promise<ClaimedHost> {
	const stateDir = await mkdtemp(path.join(tmpdir(), "opta-host-"));
	const claim = startHost(["claim", "--state-dir", stateDir, "--accounts-origin", new URL(pageUrl("accounts")).origin, "--name", name]);
	const claimed = once(claim, "exit");
	const { code, fingerprint } = await readClaim(claim);
	claim.stdout?.resume();
	await page.goto(pageUrl("accounts", "/hosts/claim"));
	await page.getByLabel("Code").fill(code);
	await page.getByRole("button", { name: "Go on" }).click();
	await expect(page.getByRole("main")).toContainText(fingerprint);
	await expect(page.getByRole("main")).toContainText(name);
	await page.getByRole("button", { name: "Claim it" }).click();
	await expect(page.getByText("The host is yours")).toBeVisible();
	expect((await claimed)[0]).toBe(0);
	const { hostId } = JSON.parse(await readFile(path.join(stateDir, "host.json"), "utf8")) as { hostId: string };

	const portBase = await findFreePortBlock(4);
	const tunnel = writeStandIn(stateDir, { publicPlace: `127.0.0.2:${portBase}`, controlPlace: `127.0.0.1:${portBase + 1}` });
	const host = startHost(
		[
			...["--roles", "lmx,tunnel", "--model", model, "--state-dir", stateDir],
			...["--lmx-port", String(portBase + 2), "--door-port", String(portBase + 3)],
			...["--tunnel", "named", "--tunnel-url", `http://${tunnel.publicPlace}`],
		],
		{ OPTA_CLOUDFLARED: tunnel.program, OPTA_TUNNEL_TOKEN: Buffer.from('{"a":"test"}').toString("base64") },
	);
	for (const stream of [host.stdout, host.stderr]) {
		stream?.resume();
	}
	await new Promise<void>((resolve, reject) => {
		host.on("message", (message) => {
			if (typeof message === "object" && message !== null && "type" in message && message.type === "ready") {
				resolve();
			}
		});
		host.once("exit", (exitCode) => reject(new Error(`The host ended with ${exitCode} before it was ready.`)));
	});
	return {
		hostId,
		name,
		tunnel,
		close: async () => {
			await end(host);
			await rm(stateDir, { recursive: true, force: true });
		},
	};
}
