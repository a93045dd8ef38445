import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readAdminKey } from "./admin-key.ts";
import { loadConfig } from "./load-config.ts";
import { moveAdminKey } from "./move-admin-key.ts";
import { setConfigValue, setConfigValues } from "./set-config-value.ts";

async function homeWith(text?: string): Promise<{ home: string; file: string }> {
	const home = await mkdtemp(path.join(os.tmpdir(), "opta-set-"));
	const file = path.join(home, "config.json");
	if (text !== undefined) {
		await writeFile(file, text);
	}
	return { home, file };
}

describe("setConfigValue", () => {
	it("changes one setting and keeps comments and the rest", async () => {
		const { home, file } = await homeWith('{\n\t// mine\n\t"model": "a",\n\t"hostPolicy": "client"\n}\n');
		expect(await setConfigValue(home, "agent.maxSteps", 12)).toEqual({ ok: true, place: file });
		expect(await setConfigValue(home, "hostPolicy", undefined)).toMatchObject({ ok: true });
		const text = await readFile(file, "utf8");
		expect(text).toContain("// mine");
		expect(loadConfig({ home, environment: {} })).toMatchObject({
			ok: true,
			config: { model: "a", hostPolicy: "any", agent: { maxSteps: 12 } },
		});
		expect((await stat(file)).mode & 0o777).toBe(0o600);
	});

	it("begins a file where there is none", async () => {
		const { home } = await homeWith();
		await setConfigValue(home, "connection.host", "mono512.local");
		expect(loadConfig({ home, environment: {} })).toMatchObject({ ok: true, config: { connection: { host: "mono512.local" } } });
	});

	it("leaves the file alone when the value is wrong", async () => {
		const { home, file } = await homeWith('{"model": "a"}');
		expect(await setConfigValue(home, "agent.maxSteps", "many")).toMatchObject({
			ok: false,
			message: expect.stringContaining("agent.maxSteps"),
		});
		expect(await setConfigValue(home, "agent.steps", 1)).toMatchObject({
			ok: false,
			message: expect.stringContaining('no setting "agent.steps"'),
		});
		expect(await readFile(file, "utf8")).toBe('{"model": "a"}');
	});

	it("makes several changes or none", async () => {
		const { home, file } = await homeWith('{"model": "a"}');
		expect(await setConfigValues(home, { model: "b", "agent.maxSteps": 0 })).toMatchObject({ ok: false });
		expect(await readFile(file, "utf8")).toBe('{"model": "a"}');
		expect(await setConfigValues(home, { model: "b", "agent.maxSteps": 3 })).toEqual({ ok: true, place: file });
		expect(loadConfig({ home, environment: {} })).toMatchObject({ ok: true, config: { model: "b", agent: { maxSteps: 3 } } });
	});

	it("keeps the admin key with the secrets, never in the configuration", async () => {
		const { home, file } = await homeWith('{"connection": {"host": "h", "adminKey": "0123456789"}}');
		expect(await moveAdminKey(home)).toContain("the admin key was moved");
		expect(await moveAdminKey(home)).toBeNull();
		expect(await readFile(file, "utf8")).not.toContain("0123456789");
		const loaded = loadConfig({ home, environment: {} });
		expect(loaded.ok && (await readAdminKey(loaded.config, home))).toBe("0123456789");
		await setConfigValue(home, "connection.adminKey", "other-key");
		expect(loaded.ok && (await readAdminKey(loaded.config, home))).toBe("other-key");
		expect(await readFile(file, "utf8")).not.toContain("other-key");
	});
});
