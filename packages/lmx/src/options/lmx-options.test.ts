import { describe, expect, it } from "vitest";
import { helpText, parseOptions } from "./lmx-options.ts";

describe("parseOptions", () => {
	it("prefers flags to variables, and moves everything with the state folder", () => {
		const parsed = parseOptions(["--port", "18001"], { OPTA_LMX_PORT: "9", OPTA_LMX_STATE_DIR: "/srv/opta", OPTA_LMX_MODEL: "" });
		expect(parsed).toMatchObject({
			kind: "options",
			options: {
				port: 18_001,
				host: undefined,
				stateDir: "/srv/opta",
				modelDir: "/srv/opta/models",
				configFile: "/srv/opta/lmx/config.yaml",
				model: undefined,
			},
		});
	});

	it("reads the user's own file when no state folder is chosen", () => {
		const parsed = parseOptions([], { XDG_DATA_HOME: "/data" });
		expect(parsed.kind === "options" && parsed.options.configFile.endsWith("/.opta-lmx/config.yaml")).toBe(true);
		expect(parseOptions(["--config", "/etc/lmx.yaml"], {})).toMatchObject({ options: { configFile: "/etc/lmx.yaml" } });
		expect(parseOptions([], { OPTA_HOME: "/home/other" })).toMatchObject({ options: { configFile: "/home/other/lmx/config.yaml" } });
	});

	it.each([
		[["--port", "70000"], {}, '--port must be a whole number from 0 to 65535, but it is "70000".'],
		[["--sequences", "many"], {}, '--sequences must be a whole number from 1 to 64, but it is "many".'],
		[[], { OPTA_LMX_PORT: "x" }, 'OPTA_LMX_PORT must be a whole number from 0 to 65535, but it is "x".'],
		[["--backend", "tpu"], {}, '--backend must be one of auto, cpu, cuda, vulkan, metal, but it is "tpu".'],
	] as const)("names the setting that is wrong: %j %j", (args, environment, message) => {
		expect(parseOptions(args, environment)).toEqual({ kind: "mistake", message });
	});

	it("names an unknown flag", () => {
		expect(parseOptions(["--prot", "1"], {})).toMatchObject({ kind: "mistake", message: expect.stringContaining("--prot") });
	});

	it("lists every flag in the help", () => {
		expect(parseOptions(["--help"], {})).toEqual({ kind: "help" });
		expect(helpText()).toContain("--step-budget-ms <number>");
	});
});
