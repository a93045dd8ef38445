import { expect, it } from "vitest";
import { plainEnvironment } from "./plain-environment.ts";

it("passes on what programs need, and no secret or setting of the daemon", () => {
	const environment = {
		PATH: "/bin",
		HOME: "/home/ada",
		LC_ALL: "C",
		XDG_RUNTIME_DIR: "/run",
		ANTHROPIC_API_KEY: "sk",
		OPTA_HOME: "/x",
		NODE_OPTIONS: "--x",
		GONE: undefined,
	};
	expect(plainEnvironment(environment)).toEqual({ PATH: "/bin", HOME: "/home/ada", LC_ALL: "C", XDG_RUNTIME_DIR: "/run" });
});
