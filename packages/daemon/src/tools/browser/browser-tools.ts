import type { ToolGroup } from "../tool.ts";
import { pageTools } from "./page-tools.ts";
import { pictureTools } from "./picture-tools.ts";
import { type BrowserSources, SessionBrowsers } from "./session-browsers.ts";

/** What the browser tools need. */
export interface BrowserParts extends BrowserSources {
	/** Folder of a session where pictures are kept. */
	readonly sessionFolder: (sessionId: string) => string;
}

/** `browser_open`, `browser_click`, `browser_type`, `browser_read`, `browser_close`, `browser_screenshot` and `browser_diff`. */
export function browserTools(parts: BrowserParts): ToolGroup {
	const browsers = new SessionBrowsers(parts);
	return {
		tools: [...pageTools(browsers), ...pictureTools(browsers, parts.sessionFolder)],
		closeSession: async (sessionId) => {
			await browsers.end(sessionId);
		},
		close: () => browsers.close(),
	};
}
