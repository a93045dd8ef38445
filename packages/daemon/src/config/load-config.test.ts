import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { type ConfigSources, loadConfig } from "./load-config.ts";

async function homeWith(
	user: string | null,
	project?: string,
): Promise<{ home: string; workspace: string; userFile: string; projectFile: string }> {
	const home = await mkdtemp(path.join(os.tmpdir(), "opta-config-"));
	const workspace = path.join(home, "work");
	await mkdir(path.join(workspace, ".opta"), { recursive: true });
	const userFile = path.join(home, "config.json");
	const projectFile = path.join(workspace, ".opta", "config.json");
	if (user !== null) {
		await writeFile(userFile, user);
	}
	if (project !== undefined) {
		await writeFile(projectFile, project);
	}
	return { home, workspace, userFile, projectFile };
}

function load(sources: Partial<ConfigSources> & { home: string }) {
	const loaded = loadConfig({ environment: {}, ...sources });
	if (!loaded.ok) {
		throw new Error(loaded.message);
	}
	return loaded;
}

function mistake(sources: Partial<ConfigSources> & { home: string }): string {
	const loaded = loadConfig({ environment: {}, ...sources });
	return loaded.ok ? "" : loaded.message;
}

describe("loadConfig", () => {
	it("has a default for everything", async () => {
		const { home } = await homeWith(null);
		expect(load({ home }).config).toMatchObject({ model: "auto", localOnly: true, permissions: { mode: "ask" }, agent: { maxSteps: 50 } });
	});

	it("takes flags before environment before project before user", async () => {
		const { home, workspace } = await homeWith('{"model": "user", "agent": {"maxSteps": 7, "compactAt": 0.5}}', '{"model": "project"}');
		const environment = { OPTA_MODEL: "4", OPTA_AGENT_MAX_STEPS: "9", OPTA_LOCAL_ONLY: "false", OPTA_HOME: "ignored" };
		expect(load({ home }).config.model).toBe("user");
		expect(load({ home, workspace }).config.model).toBe("project");
		expect(load({ home, workspace, environment }).config).toMatchObject({
			model: "4",
			localOnly: false,
			agent: { maxSteps: 9, compactAt: 0.5 },
		});
		const flags = { model: "flag", "connection.host": "mono512.local" };
		expect(load({ home, workspace, environment, flags }).config).toMatchObject({ model: "flag", connection: { host: "mono512.local" } });
	});

	it("reads comments, trailing commas and an empty file", async () => {
		const { home } = await homeWith('{\n\t// mine\n\t"model": "a", /* b */\n}\n');
		expect(load({ home }).config.model).toBe("a");
		expect(load({ home: (await homeWith("\n")).home }).config.model).toBe("auto");
	});

	it.each([
		['{\n\t"agent": {\n\t\t"maxSteps": 0\n\t}\n}', 3, /"agent\.maxSteps" is not valid: .*1/],
		['{\n\n\t"modle": "x"\n}', 3, /there is no setting "modle"/],
		['{\n\t"model": "x"\n\t"agent": {}\n}', 3, /no valid JSON \(comma expected\)/],
		[
			'{\n\t"permissions": {"rules": [\n\t\t{"tool": "a", "action": "allow"},\n\t\t{"tool": "b", "action": "maybe"}]}}',
			4,
			/"permissions\.rules\.1\.action"/,
		],
		["[]", 1, /must be an object/],
	])("names file and line of a mistake: %j", async (text, line, problem) => {
		const { home, userFile } = await homeWith(text);
		const message = mistake({ home });
		expect(message).toMatch(problem);
		expect(message.startsWith(`${userFile}:${line}: `)).toBe(true);
	});

	it("names the project's file, the variable or the flag where the mistake is there", async () => {
		const { home, workspace, projectFile } = await homeWith(null, '{"model": 5}');
		expect(mistake({ home, workspace })).toContain(`${projectFile}:1: "model"`);
		expect(mistake({ home, environment: { OPTA_CONNECTION_PORT: "many" } })).toContain('OPTA_CONNECTION_PORT: "connection.port"');
		expect(mistake({ home, flags: { "agent.maxSteps": -1 } })).toContain('--agent.maxSteps: "agent.maxSteps"');
	});

	it("reads older names with a notice, and prefers today's", async () => {
		const { home } = await homeWith('{"inference_host": "192.168.188.11:1234"}');
		const older = load({ home });
		expect(older.config.connection).toMatchObject({ host: "192.168.188.11", port: 1234 });
		expect(older.notices).toEqual([expect.stringContaining('"inference_host" is an older name of "connection.host"')]);
		const both = await homeWith('{"connection": {"host": "new"}, "lm_studio_url": "http://old:1/v1"}');
		expect(load({ home: both.home }).config.connection).toEqual({ host: "new", port: 1 });
	});

	it("lets a project make things stricter, never looser", async () => {
		const project = {
			connection: { host: "evil" },
			anthropic: { enabled: true },
			localOnly: false,
			hostPolicy: "any",
			reach: { host: "01a206ff-6941-76c8-90d1-90d4217cab22", allow: ["see", "approve", "turns"] },
			mcp: { bad: { command: "sh" } },
			permissions: {
				mode: "auto",
				rules: [
					{ tool: "*", action: "allow" },
					{ tool: "run_command", action: "deny" },
					{ tool: "web_fetch", action: "ask" },
				],
			},
			tools: { disabled: ["web_fetch"], allowedOrigins: ["*"], sandbox: { enabled: false } },
		};
		const user = { permissions: { rules: [{ tool: "web_fetch", action: "deny" }] }, tools: { disabled: ["browser_open"] } };
		const { home, workspace } = await homeWith(JSON.stringify(user), JSON.stringify(project));
		const { config, notices } = load({ home, workspace });
		expect(config).toMatchObject({
			connection: {},
			anthropic: { enabled: false },
			localOnly: true,
			mcp: {},
			reach: { host: null, allow: ["see"] },
		});
		expect(config.permissions.mode).toBe("ask");
		expect(config.permissions.rules.map(({ tool, action }) => `${tool} ${action}`)).toEqual([
			"web_fetch ask",
			"web_fetch deny",
			"run_command deny",
		]);
		expect(config.tools).toMatchObject({ disabled: ["browser_open", "web_fetch"], allowedOrigins: [], sandbox: { enabled: true } });
		expect(notices).toHaveLength(10);
		const strict = await homeWith('{"permissions": {"mode": "auto"}}', '{"permissions": {"mode": "plan"}}');
		expect(load({ home: strict.home, workspace: strict.workspace }).config.permissions.mode).toBe("plan");
	});
});
