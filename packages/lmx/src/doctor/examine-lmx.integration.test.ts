import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DoctorCheck, doctorReportSchema } from "@opta/contracts/schema/doctor";
import { afterEach, describe, expect, it } from "vitest";
import { type LmxProcess, postChat, startLmxProcess } from "../testing/lmx-process.ts";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) {
		await cleanup();
	}
});

async function start(config: string, ...flags: string[]): Promise<{ lmx: LmxProcess; configure: (text: string) => void }> {
	const folder = mkdtempSync(path.join(tmpdir(), "opta-lmx-doctor-"));
	cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
	const file = path.join(folder, "config.yaml");
	writeFileSync(file, config);
	const lmx = await startLmxProcess("--config", file, ...flags);
	cleanups.push(() => lmx.stop());
	return { lmx, configure: (text) => writeFileSync(file, text) };
}

async function examine(lmx: LmxProcess): Promise<Record<string, DoctorCheck>> {
	const report = doctorReportSchema.parse(await (await fetch(`${lmx.url}/admin/doctor`)).json());
	return Object.fromEntries(report.checks.map((check) => [`${check.layer}: ${check.name}`, check]));
}

function post(lmx: LmxProcess, route: string, body: unknown): Promise<Response> {
	return fetch(`${lmx.url}${route}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

describe("GET /admin/doctor of LMX", () => {
	it("finds nothing wrong with a host that works, and asks an idle model for a token", async () => {
		const { lmx } = await start("", "--model", "stories260k");
		await lmx.logged(({ msg }) => msg === "model ready");
		const checks = await examine(lmx);
		expect(Object.keys(checks).toSorted()).toEqual([
			"address: addresses of the host",
			"lmx: disk",
			"lmx: keys",
			"lmx: memory",
			"lmx: model",
			"lmx: settings",
			"versions: LMX",
		]);
		expect(checks["lmx: model"]).toMatchObject({ state: "ok", summary: expect.stringContaining("a question of the doctor"), fix: null });
		await postChat(lmx.url, { messages: [{ role: "user", content: "Hello" }], max_tokens: 2 });
		expect((await examine(lmx))["lmx: model"]).toMatchObject({
			state: "ok",
			summary: expect.stringMatching(/^stories260k answered .* ago/),
		});
	});

	it("tells a model that cannot be had, a mistake in the configuration, and an admin API that is open to the network", async () => {
		const open = 'adminAuth: "off"\nmdns: false\n';
		const { lmx, configure } = await start(`defaultModel: stories260k\n${open}`, "--host", "0.0.0.0");
		const reread = (text: string): Promise<Response> => {
			configure(text);
			return post(lmx, "/admin/config/reload", {});
		};
		expect((await reread(`defaultModel: phantom\n${open}`)).status).toBe(200);
		expect((await post(lmx, "/admin/models/unload", { model: "stories260k" })).ok).toBe(true);
		expect((await reread(`queueLimit: many\n${open}`)).status).toBe(400);
		const checks = await examine(lmx);
		expect(checks["lmx: model"]).toMatchObject({
			state: "failed",
			summary: expect.stringContaining("phantom"),
			fix: expect.stringContaining("opta models load"),
		});
		expect(checks["lmx: settings"]).toMatchObject({ state: "warning", summary: expect.stringContaining("queueLimit") });
		expect(checks["lmx: keys"]).toMatchObject({ state: "warning", summary: expect.stringContaining("adminAuth is off") });
	});
});
