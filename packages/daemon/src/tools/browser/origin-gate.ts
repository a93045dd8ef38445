import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isPublicAddress } from "@opta/contracts/public-address";
import { isLoopbackAddress, plainHost } from "../../egress/guard-address.ts";
import { matchesWords } from "../../permissions/match-rule.ts";

/** Which origins pages may come from. */
export interface OriginSettings {
	/** `tools.allowedOrigins`: opened without being asked for. */
	readonly allowedOrigins: readonly string[];
	/** `tools.deniedOrigins`: never. */
	readonly deniedOrigins: readonly string[];
}

/** Hosts of requests that are remembered. */
const maxAsked = 4096;
/** How long a connection waits for the request that it is for: a redirect is heard of at the same time. */
const askWaitMs = 1000;

/** Why an address may not be reached, in words for the model. */
export class OriginRefusedError extends Error {
	override readonly name = "OriginRefusedError";
}

function bare(hostname: string): string {
	return plainHost(hostname).replace(/^www\./, "");
}

/**
 * What a session's browser may reach. Documents come from origins that were opened by a call, or are allowed by the
 * configuration; what they load may come from anywhere that is not denied, but nothing of this computer or its network unless
 * a page from there was opened.
 */
export class OriginGate {
	private readonly hosts = new Set<string>();
	private readonly asked = new Set<string>();
	private news = Promise.withResolvers<void>();
	private readonly privateAddresses = new Set<string>();
	private readonly settings: () => OriginSettings;
	private readonly assertReachable: (url: URL) => void;

	/** `assertReachable` throws where "local only" refuses an address. */
	constructor(settings: () => OriginSettings, assertReachable: (url: URL) => void) {
		this.settings = settings;
		this.assertReachable = assertReachable;
	}

	/** Throws where no permission could open this address. */
	assertNotDenied(url: URL): void {
		if (this.settings().deniedOrigins.some((pattern) => matchesWords(pattern, url.origin, true))) {
			throw new OriginRefusedError(`The configuration does not allow ${url.origin} (tools.deniedOrigins).`);
		}
		this.assertReachable(url);
	}

	/** Lets documents come from an origin that a call was allowed to open. */
	async approve(url: URL): Promise<void> {
		this.assertNotDenied(url);
		this.hosts.add(bare(url.hostname));
		this.noteRequest(url);
		for (const address of await this.addressesOf(url.hostname)) {
			if (!isPublicAddress(address)) {
				this.privateAddresses.add(isLoopbackAddress(address) ? "loopback" : address);
			}
		}
	}

	/** A page asks for something there. */
	noteRequest(url: URL): void {
		const [oldest] = this.asked;
		if (this.asked.size >= maxAsked && oldest !== undefined) {
			this.asked.delete(oldest);
		}
		this.asked.add(plainHost(url.hostname));
		this.news.resolve();
		this.news = Promise.withResolvers<void>();
	}

	/** False for connections that no page asked for: what browsers tell their makers by themselves. */
	async isOfPage(url: URL): Promise<boolean> {
		const host = plainHost(url.hostname);
		const limit = AbortSignal.timeout(askWaitMs);
		const over = new Promise<void>((resolve) => limit.addEventListener("abort", () => resolve(), { once: true }));
		while (!this.asked.has(host) && !limit.aborted) {
			await Promise.race([this.news.promise, over]);
		}
		return this.asked.has(host);
	}

	/** True where a document may come from there: approved by its host, or allowed by the configuration. */
	isOpen(url: URL): boolean {
		return this.hosts.has(bare(url.hostname)) || this.settings().allowedOrigins.some((pattern) => matchesWords(pattern, url.origin, true));
	}

	/** The address to connect to for a request of a page. Rejects with `OriginRefusedError` where it may not be reached. */
	async resolve(url: URL): Promise<string> {
		this.assertNotDenied(url);
		const [address, ...others] = await this.addressesOf(url.hostname);
		if (address === undefined) {
			throw new OriginRefusedError(`${url.hostname} was not found.`);
		}
		const closed = [address, ...others].find(
			(one) => !isPublicAddress(one) && !this.privateAddresses.has(isLoopbackAddress(one) ? "loopback" : one),
		);
		if (closed !== undefined) {
			throw new OriginRefusedError(`${url.host} is on this computer or its own network, where no page was opened.`);
		}
		return address;
	}

	private async addressesOf(hostname: string): Promise<readonly string[]> {
		const host = plainHost(hostname);
		if (isIP(host) !== 0) {
			return [host];
		}
		if (host === "localhost" || host.endsWith(".localhost")) {
			return ["127.0.0.1"];
		}
		try {
			return (await lookup(host, { all: true })).map(({ address }) => address);
		} catch {
			// What is not found is told by whoever connects.
			return [];
		}
	}
}
