import type { Children } from "../../children/children.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { ToolGroup } from "../tool.ts";

/** What the shell tools need. */
export interface ShellParts {
	readonly children: Children;
	readonly sandbox: Sandbox;
	/** `tools.shellTimeoutMs`. */
	readonly timeoutMs: number;
	/** Whether commands reach the network: never, only those that ask for it and are allowed, always. */
	readonly network: "off" | "ask" | "on";
}

/** `run_command`, `command_output` and `command_kill`. */
export function shellTools(_parts: ShellParts): ToolGroup {
	return { tools: [], closeSession: () => Promise.resolve(), close: () => Promise.resolve() };
}
