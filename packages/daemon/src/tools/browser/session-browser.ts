import type { Browser, BrowserContext, Page, Route } from "playwright-core";
import type { Children, ChildSlot } from "../../children/children.ts";
import { tooManyChildren } from "../../children/children.ts";
import { readProcessTable } from "../../children/process-table.ts";
import { type OptaPlatform, thisPlatform } from "../../platform/opta-home.ts";
import { type GateProxy, startGateProxy } from "./gate-proxy.ts";
import type { OriginGate } from "./origin-gate.ts";

const launchTimeoutMs = 30_000;
const actionTimeoutMs = 10_000;
const openTimeoutMs = 30_000;
/** Pages of a browser; older ones are closed. */
const maxPages = 8;
const viewport = { width: 1280, height: 720 };

/** What a browser is started with. */
export interface BrowserStart {
	readonly executable: string;
	readonly environment: Readonly<Record<string, string>>;
	readonly children: Children;
	readonly sessionId: string;
	readonly gate: OriginGate;
}

/** A session's browser: one at a time, without any trace of other sessions or of the person's own browser. */
export class SessionBrowser {
	/** What the model should know of: refused pages, dialogs that were dismissed. */
	readonly notices: string[] = [];
	private readonly browser: Browser;
	private readonly context: BrowserContext;
	private readonly gate: OriginGate;
	private readonly proxy: GateProxy;
	private readonly slot: ChildSlot;

	private constructor(browser: Browser, context: BrowserContext, gate: OriginGate, proxy: GateProxy, slot: ChildSlot) {
		this.browser = browser;
		this.context = context;
		this.gate = gate;
		this.proxy = proxy;
		this.slot = slot;
	}

	/** Starts a browser. Rejects with what is wrong, and leaves nothing behind then. */
	static async start({ executable, environment, children, sessionId, gate }: BrowserStart): Promise<SessionBrowser> {
		const slot = children.reserve({ kind: "browser", name: "chromium", sessionId });
		if (slot === null) {
			throw new Error(tooManyChildren(children.limit));
		}
		const proxy = await startGateProxy(gate);
		try {
			const { chromium } = await import("playwright-core");
			const [mark = ""] = Object.values(slot.environment);
			const browser = await chromium.launch({
				executablePath: executable,
				// Chromium refuses to be kept in by its own sandbox as root.
				chromiumSandbox: process.getuid?.() !== 0,
				// Loopback too goes through the proxy; WebRTC must not go around it. Unknown switches are ignored: the mark finds the process.
				args: ["--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--dns-prefetch-disable", `--opta-child=${mark}`],
				proxy: { server: proxy.address, username: proxy.user, password: proxy.password, bypass: "<-loopback>" },
				env: { ...environment, ...slot.environment },
				timeout: launchTimeoutMs,
				...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
			});
			slot.started(await rootOf(mark, thisPlatform()));
			const context = await browser.newContext({ viewport, acceptDownloads: false, serviceWorkers: "block" });
			context.setDefaultTimeout(actionTimeoutMs);
			const session = new SessionBrowser(browser, context, gate, proxy, slot);
			await session.watch();
			return session;
		} catch (error) {
			await proxy.close();
			await slot.end(0);
			throw error;
		}
	}

	/** The page that is worked with: the newest; null before one was opened. */
	get page(): Page | null {
		return this.context.pages().at(-1) ?? null;
	}

	/** True where it still runs. */
	get alive(): boolean {
		return this.browser.isConnected();
	}

	/** Opens an address that a call was allowed to open. Rejects where it is refused or cannot be loaded. */
	async open(url: URL): Promise<Page> {
		await this.gate.approve(url);
		const page = this.page ?? (await this.context.newPage());
		await page.goto(url.href, { timeout: openTimeoutMs, waitUntil: "load" });
		await this.settle(page);
		return page;
	}

	/** Leaves pages that came by a redirect from where none was allowed. Rejects with where it leads. */
	async settle(page: Page): Promise<void> {
		const url = URL.parse(page.url());
		if (url !== null && /^https?:$/.test(url.protocol) && !this.gate.isOpen(url)) {
			await page.goto("about:blank");
			throw new Error(`The page leads to ${url.origin}. Open that with browser_open if you need it.`);
		}
	}

	/** What happened since it was last asked. */
	takeNotices(): readonly string[] {
		return [...this.notices.splice(0), ...this.proxy.takeRefusals()];
	}

	/** Ends it with everything that it started. */
	async close(): Promise<void> {
		// One that hangs is ended with its tree.
		await Promise.race([
			this.browser.close().catch(() => undefined),
			new Promise((resolve) => setTimeout(resolve, actionTimeoutMs).unref()),
		]);
		await this.slot.end(0);
		await this.proxy.close();
	}

	private async watch(): Promise<void> {
		await this.context.route("**/*", (route) => this.decide(route));
		// Redirects and sockets of pages do not come by the route.
		this.context.on("request", (request) => this.gate.noteRequest(new URL(request.url())));
		this.context.on("page", (page) => {
			page.on("websocket", (socket) => this.gate.noteRequest(new URL(socket.url())));
			const [oldest] = this.context.pages();
			if (this.context.pages().length > maxPages) {
				void oldest?.close();
			}
			page.on("dialog", (dialog) => {
				this.notices.push(`The page asked (${dialog.type()}): ${dialog.message().slice(0, 500)}. It was dismissed.`);
				void dialog.dismiss();
			});
		});
	}

	/** Stops documents that nobody allowed before they are asked for; everything else is up to the proxy. */
	private async decide(route: Route): Promise<void> {
		const request = route.request();
		const url = new URL(request.url());
		const isDocument = request.isNavigationRequest() && request.frame().parentFrame() === null;
		if (isDocument && !(/^https?:$/.test(url.protocol) && this.gate.isOpen(url))) {
			this.notices.push(`The page wanted to go to ${url.origin}, which was not opened. Use browser_open for that.`);
			await route.abort("blockedbyclient");
			return;
		}
		this.gate.noteRequest(url);
		await route.continue();
	}
}

/** The first process of a browser, by the mark that it was started with. */
async function rootOf(mark: string, platform: OptaPlatform): Promise<number> {
	const marked = (await readProcessTable(platform, true)).filter((row) => row.text.includes(mark));
	const pids = new Set(marked.map((row) => row.pid));
	return marked.find((row) => !pids.has(row.parentPid))?.pid ?? 0;
}
