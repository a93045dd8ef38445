import type { Children } from "../../children/children.ts";
import { thisPlatform } from "../../platform/opta-home.ts";
import { findChromium } from "./find-chromium.ts";
import { OriginGate, type OriginSettings } from "./origin-gate.ts";
import { SessionBrowser } from "./session-browser.ts";

const defaultIdleMs = 600_000;

/** What browsers of sessions need. */
export interface BrowserSources {
	readonly children: Children;
	readonly origins: () => OriginSettings;
	/** Throws where "local only" refuses an address. */
	readonly assertReachable: (url: URL) => void;
	readonly environment: Readonly<Record<string, string>>;
	/** A browser to use instead of the system's. */
	readonly executable?: string;
	/** A browser that was not used for so long is closed; 10 minutes when missing. */
	readonly idleMs?: number;
}

interface Entry {
	readonly browser: Promise<SessionBrowser>;
	timer: NodeJS.Timeout | null;
}

/** Browsers by session, started when first used. */
export class SessionBrowsers {
	private readonly entries = new Map<string, Entry>();
	private readonly sources: BrowserSources;

	constructor(sources: BrowserSources) {
		this.sources = sources;
	}

	/** Throws where no permission could open this address. */
	assertNotDenied(url: URL): void {
		this.gate().assertNotDenied(url);
	}

	/** The session's browser where one runs. */
	async find(sessionId: string): Promise<SessionBrowser | null> {
		const browser = await this.entries.get(sessionId)?.browser;
		if (browser?.alive !== true) {
			await this.end(sessionId);
			return null;
		}
		this.touch(sessionId);
		return browser;
	}

	/** The session's browser, started where none runs. Rejects with what is wrong. */
	async use(sessionId: string): Promise<SessionBrowser> {
		const running = await this.find(sessionId);
		if (running !== null) {
			return running;
		}
		const { children, environment } = this.sources;
		const executable = this.sources.executable ?? findChromium(thisPlatform(), environment);
		if (executable === null) {
			throw new Error("There is no browser on this computer. Install Chromium or Google Chrome.");
		}
		const known = this.entries.get(sessionId);
		if (known !== undefined) {
			return known.browser;
		}
		const browser = SessionBrowser.start({ executable, environment, children, sessionId, gate: this.gate() });
		this.entries.set(sessionId, { browser, timer: null });
		browser.then(
			() => this.touch(sessionId),
			() => this.entries.delete(sessionId),
		);
		return browser;
	}

	/** Ends a session's browser; false where none ran. */
	async end(sessionId: string): Promise<boolean> {
		const entry = this.entries.get(sessionId);
		this.entries.delete(sessionId);
		clearTimeout(entry?.timer ?? undefined);
		// One that could not be started has nothing to end.
		const browser = await entry?.browser.catch(() => null);
		await browser?.close();
		return browser !== undefined && browser !== null;
	}

	async close(): Promise<void> {
		await Promise.all([...this.entries.keys()].map((sessionId) => this.end(sessionId)));
	}

	private gate(): OriginGate {
		return new OriginGate(this.sources.origins, this.sources.assertReachable);
	}

	private touch(sessionId: string): void {
		const entry = this.entries.get(sessionId);
		if (entry !== undefined) {
			clearTimeout(entry.timer ?? undefined);
			entry.timer = setTimeout(() => void this.end(sessionId), this.sources.idleMs ?? defaultIdleMs).unref();
		}
	}
}
