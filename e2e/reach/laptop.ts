import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type ScriptedModel, startScriptedModel } from "@opta/daemon/testing/scripted-model";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { expect, type Page } from "@playwright/test";
import { plainVariables } from "../platform/env.ts";
import { pageUrl } from "../steps/addresses.ts";

const optaScript = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));

/** A person's other computer: `opta` with a home of its own, and a model that says what the test tells it. */
export interface Laptop {
	readonly workspace: string;
	readonly model: ScriptedModel;
	/** Runs a command to its end; fails the test when that fails. Answers what it printed. */
	readonly opta: (...args: readonly string[]) => Promise<string>;
	/** A terminal beside the others. */
	readonly client: () => Promise<DaemonClient>;
	readonly close: () => Promise<void>;
}

/** Sets a laptop up and signs it in as the person of the page, by the code that its terminal shows. */
export async function openLaptop(page: Page): Promise<Laptop> {
	const home = await realpath(await mkdtemp(path.join(tmpdir(), "opta-laptop-")));
	const workspace = path.join(home, "work");
	const model = await startScriptedModel();
	await mkdir(workspace);
	const config = {
		accounts: { origin: new URL(pageUrl("accounts")).origin },
		connection: { host: model.host, port: model.port },
		agent: { titles: false },
	};
	await writeFile(path.join(home, "config.json"), JSON.stringify(config));
	const start = (args: readonly string[]): ChildProcess =>
		spawn(process.execPath, [optaScript, ...args], {
			stdio: ["ignore", "pipe", "pipe"],
			env: { ...plainVariables, HOME: home, OPTA_HOME: home },
		});
	const opta = async (...args: readonly string[]): Promise<string> => {
		const child = start(args);
		const ended = once(child, "exit");
		const [output, problems] = await Promise.all([
			text(child.stdout as NodeJS.ReadableStream),
			text(child.stderr as NodeJS.ReadableStream),
		]);
		expect((await ended)[0], `opta ${args.join(" ")}: ${output}${problems}`).toBe(0);
		return output;
	};

	const login = start(["account", "login", "--device", "--no-vault", "--name", "Laptop"]);
	const signedIn = once(login, "exit");
	login.stdout?.resume();
	let code: string | undefined;
	for await (const line of createInterface({ input: login.stderr as NodeJS.ReadableStream })) {
		code ??= /^\s+(\S{4}-\S{4})\s*$/.exec(line)?.[1];
		if (code !== undefined) {
			break;
		}
	}
	login.stderr?.resume();
	await page.goto(pageUrl("accounts", "/device"));
	await page.getByLabel("Code").fill(code ?? "");
	await page.getByRole("button", { name: "Go on" }).click();
	await page.getByRole("button", { name: "Approve" }).click();
	await expect(page.getByText("The device is approved")).toBeVisible();
	expect((await signedIn)[0]).toBe(0);

	return {
		workspace,
		model,
		opta,
		client: async () => {
			const { port, token } = JSON.parse(await readFile(path.join(home, "daemon", "state.json"), "utf8")) as {
				port: number;
				token: string;
			};
			return createDaemonClient({
				baseUrl: `http://127.0.0.1:${port}`,
				token: () => token,
				clientId: randomUUID(),
				clientName: "terminal",
			});
		},
		close: async () => {
			await opta("daemon", "stop");
			await model.close();
			await rm(home, { recursive: true, force: true });
		},
	};
}
