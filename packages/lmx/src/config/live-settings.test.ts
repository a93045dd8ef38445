import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { LmxEvent } from "@opta/contracts/schema/lmx-events";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventBus } from "../events/event-bus.ts";
import { type LmxOptions, parseOptions } from "../options/lmx-options.ts";
import { LiveSettings } from "./live-settings.ts";

let folder: string;
let file: string;
let events: EventBus;
let open: LiveSettings | null;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-config-"));
	file = path.join(folder, "config.yaml");
	events = new EventBus();
	open = null;
});
afterEach(() => {
	open?.close();
	rmSync(folder, { recursive: true, force: true });
});

function optionsOf(...flags: string[]): LmxOptions {
	const parsed = parseOptions(["--state-dir", folder, "--config", file, ...flags], {});
	if (parsed.kind !== "options") {
		throw new Error("The flags are wrong.");
	}
	return parsed.options;
}

function settingsOf(...flags: string[]): LiveSettings {
	const opened = LiveSettings.open({ options: optionsOf(...flags), events, logger: pino({ level: "silent" }) });
	if (!opened.ok) {
		throw new Error(opened.message);
	}
	open = opened.settings;
	return opened.settings;
}

function nextReload(): Promise<LmxEvent> {
	return new Promise((resolve) => {
		const end = events.subscribe((event) => {
			end();
			resolve(event);
		});
	});
}

describe("LiveSettings", () => {
	it("puts flags before the file, and the file before defaults", () => {
		writeFileSync(
			file,
			"port: 4000\nbind: lan\nmodelDir: mine\ndefaults: { sequences: 3, keepAlive: 5m }\nmodels: { Big: { contextTokens: 4096, pin: true } }\n",
		);
		const { current } = settingsOf("--port", "5000");
		expect(current).toMatchObject({
			port: 5000,
			host: "0.0.0.0",
			modelDir: path.join(folder, "mine"),
			queueLimit: 64,
			pinnedModels: ["big"],
		});
		expect(current.loadOptions("BIG")).toMatchObject({ contextTokens: 4096, sequences: 3, keepAliveMs: 300_000, isPinned: true });
		expect(current.loadOptions("small")).toMatchObject({ contextTokens: null, isPinned: false });
	});

	it("reads a file that is made or replaced later, and tells", async () => {
		const settings = settingsOf();
		const made = nextReload();
		writeFileSync(file, "queueLimit: 7\n");
		expect(await made).toMatchObject({ type: "config.reloaded", problem: null });
		expect(settings.current.queueLimit).toBe(7);
		const replaced = nextReload();
		writeFileSync(`${file}.new`, "queueLimit: 8\n");
		renameSync(`${file}.new`, file);
		await replaced;
		expect(settings.current.queueLimit).toBe(8);
	});

	it("keeps what held before when the new file is wrong, and says where", () => {
		writeFileSync(file, "queueLimit: 7\n");
		const settings = settingsOf();
		const heard: number[] = [];
		settings.onChange(({ queueLimit }) => heard.push(queueLimit));
		writeFileSync(file, "queueLimit: many\n");
		expect(settings.reload()).toContain(`${file}:1:13: queueLimit: `);
		expect(settings.current.queueLimit).toBe(7);
		expect(settings.problem).not.toBeNull();
		writeFileSync(file, "queueLimit: 9\n");
		expect(settings.reload()).toBeNull();
		expect([settings.problem, heard]).toEqual([null, [9]]);
	});

	it("does not open a file with a mistake", () => {
		writeFileSync(file, "prot: 1\n");
		expect(LiveSettings.open({ options: optionsOf(), events, logger: pino({ level: "silent" }) })).toEqual({
			ok: false,
			message: `${file}:1:1: prot: LMX does not know this key. Remove it, or check its spelling.`,
		});
	});
});
