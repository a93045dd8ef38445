import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PresetStore } from "../../presets/preset-store.ts";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { presetsRoutes } from "./presets-routes.ts";

let folder: string;
let server: RouteServer;
let models: string[];

beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-presets-"));
	models = ["big"];
	const { store } = await PresetStore.open(path.join(folder, "presets.json"));
	server = await startRouteServer(
		presetsRoutes({ store, knowsModel: (name) => models.includes(name), explainUnknown: (name) => `no "${name}"` }),
	);
});

afterEach(async () => {
	await server.close();
	rmSync(folder, { recursive: true, force: true });
});

const put = (name: string, body: unknown): Promise<Response> => server.ask(`/admin/presets/${name}`, body, { method: "PUT" });

describe("/admin/presets", () => {
	it("makes, shows, replaces and deletes a preset", async () => {
		const made = await put("coder", { model: "big", systemPrompt: "Code.", parameters: { temperature: 0.1, stop: ["END"] } });
		expect(made.status).toBe(201);
		expect((await put("coder", { parameters: { seed: 1 } })).status).toBe(200);
		expect(await (await server.ask("/admin/presets")).json()).toMatchObject({
			presets: [{ name: "coder", model: "auto", systemPrompt: null, parameters: { seed: 1 }, problem: null }],
		});
		expect((await server.ask("/admin/presets/coder", undefined, { method: "DELETE" })).status).toBe(204);
		expect((await server.ask("/admin/presets/coder")).status).toBe(404);
		expect((await server.ask("/admin/presets/coder", undefined, { method: "DELETE" })).status).toBe(404);
	});

	it("refuses what could not work, and names it", async () => {
		for (const [name, body, status, param] of [
			["big", {}, 409, "name"],
			["auto", {}, 409, "name"],
			["coder", { model: "gone" }, 400, "model"],
			["coder", { parameters: { temperature: 9 } }, 400, "parameters.temperature"],
			["coder", { parameters: { heat: 1 } }, 400, "parameters.heat"],
			["coder", { prompt: "x" }, 400, "prompt"],
			["-x", {}, 400, "name"],
		] as const) {
			const response = await put(name, body);
			expect(response.status, name).toBe(status);
			expect(await response.json()).toMatchObject({ error: { param } });
		}
	});

	it("tells when the model of a preset is gone", async () => {
		await put("coder", { model: "big" });
		models = [];
		expect(await (await server.ask("/admin/presets/coder")).json()).toMatchObject({ problem: expect.stringContaining('"big"') });
	});
});
