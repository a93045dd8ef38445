import { limitOutput } from "../output/limit-output.ts";
import type { ToolContext, ToolOutcome } from "../tool.ts";
import type { SessionBrowser } from "./session-browser.ts";
import type { SessionBrowsers } from "./session-browsers.ts";

/** Playwright's messages go on with a log of what it tried; the first line says what happened. */
function firstLine(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	return message.split("\n")[0]?.replace(/^[a-zA-Z]+\.[a-zA-Z]+: /, "") ?? message;
}

async function cancellable<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
	const cancelled = Promise.withResolvers<never>();
	const cancel = () => cancelled.reject(new Error("Cancelled."));
	signal.addEventListener("abort", cancel, { once: true });
	try {
		if (signal.aborted) {
			cancel();
		}
		return await Promise.race([work, cancelled.promise]);
	} finally {
		signal.removeEventListener("abort", cancel);
	}
}

/**
 * Does something with a session's browser and tells the model how it went, with what the page did meanwhile (dialogs,
 * refused addresses). `start` begins one where none runs. On a cancel the browser stays as it is.
 */
export async function withBrowser(
	browsers: SessionBrowsers,
	context: Pick<ToolContext, "sessionId" | "signal" | "maxOutputBytes">,
	start: boolean,
	work: (browser: SessionBrowser) => Promise<string>,
): Promise<ToolOutcome> {
	let browser: SessionBrowser | null = null;
	const tell = (ok: boolean, text: string): ToolOutcome => {
		const notices = (browser?.takeNotices() ?? []).map((notice) => `[${notice}]`);
		const limited = limitOutput([text, ...notices].join("\n"), context.maxOutputBytes, "Read a part of the page.");
		return { ok, output: limited.text, truncated: limited.truncated };
	};
	const run = async (): Promise<string> => {
		browser = start ? await browsers.use(context.sessionId) : await browsers.find(context.sessionId);
		if (browser === null) {
			throw new Error("No page is open. Open one with browser_open.");
		}
		return work(browser);
	};
	try {
		return tell(true, await cancellable(run(), context.signal));
	} catch (error) {
		return tell(false, firstLine(error));
	}
}
