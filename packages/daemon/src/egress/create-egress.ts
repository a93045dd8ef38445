import { type LookupAddress, lookup } from "node:dns";
import { isIP } from "node:net";
import { isPublicAddress } from "@opta/contracts/public-address";
import { Agent, buildConnector, type Dispatcher, fetch, WebSocket } from "undici";
import { type Egress, type EgressEntry, type EgressPurpose, EgressRefusedError, type EgressWay } from "./egress.ts";
import { isLoopbackAddress, type LmxAddress, localReason, plainHost } from "./guard-address.ts";
import { PrivateAddressError } from "./private-address-error.ts";

/** What the guard goes by; asked at every request, so that a switch works at once. */
export interface EgressOptions {
	readonly localOnly: () => boolean;
	/** The configured or found LMX; null where there is none. */
	readonly lmxAddress: () => LmxAddress | null;
	/** Origins on this computer and its network that `web_fetch` may reach; none when missing. */
	readonly mayFetchPrivately?: (origin: string) => boolean;
	readonly now?: () => Date;
}

const logLimit = 500;

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Looks names up and gives an error where any of their addresses may not be reached. */
function lookupOnly(mayReach: (address: string) => boolean, refusal: (hostname: string) => Error) {
	return (hostname: string, options: object, callback: LookupCallback): void => {
		lookup(hostname, { ...options, all: true }, (error, addresses) => {
			if (error !== null) {
				callback(error, []);
			} else if (addresses.every(({ address }) => mayReach(address))) {
				callback(null, addresses);
			} else {
				callback(refusal(hostname), []);
			}
		});
	};
}

function targetOf(url: string | URL): { origin: string; host: string; port: number } {
	const { origin, hostname, port, protocol } = new URL(url);
	const isSecure = protocol === "https:" || protocol === "wss:";
	return { origin, host: plainHost(hostname), port: port === "" ? (isSecure ? 443 : 80) : Number(port) };
}

function addressOf({ host, port }: { host: string; port: number }): string {
	return `${host}:${port}`;
}

/** Every request is checked, also one on a connection that is already open. */
class GuardedAgent extends Agent {
	readonly #check: (origin: string | URL) => void;

	constructor(options: Agent.Options, check: (origin: string | URL) => void) {
		super(options);
		this.#check = check;
	}

	override dispatch(options: Agent.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
		this.#check(options.origin ?? "");
		return super.dispatch(options, handler);
	}
}

/** The one place through which the daemon connects to anything. */
export function createEgress(options: EgressOptions): Egress {
	const now = options.now ?? (() => new Date());
	const entries: EgressEntry[] = [];
	/** As `host:port`. */
	let reachAddresses: ReadonlySet<string> = new Set();
	const ways = new Map<EgressPurpose, { way: EgressWay; agent: Agent }>();

	function note(purpose: EgressPurpose, target: string, allowed: boolean): void {
		const last = entries.at(-1);
		const isSame = last !== undefined && last.purpose === purpose && last.target === target && last.allowed === allowed;
		const count = isSame ? last.count + 1 : 1;
		entries.splice(isSame ? entries.length - 1 : entries.length, 1, { at: now().toISOString(), purpose, target, allowed, count });
		entries.splice(0, entries.length - logLimit);
	}

	function check(url: string | URL, purpose: EgressPurpose): void {
		const { host, port } = targetOf(url);
		const target = addressOf({ host, port });
		const isJoined = purpose === "reach" && reachAddresses.has(target);
		const allowed = isJoined || !options.localOnly() || localReason(host, port, options.lmxAddress()) !== null;
		note(purpose, target, allowed);
		if (!allowed) {
			throw new EgressRefusedError(target);
		}
	}

	const connectAnywhere = buildConnector({});
	const connectLoopback = buildConnector({ lookup: lookupOnly(isLoopbackAddress, (name) => new EgressRefusedError(name)) });
	const connectPublic = buildConnector({ lookup: lookupOnly(isPublicAddress, (name) => new PrivateAddressError(name)) });

	function connect(target: buildConnector.Options, callback: buildConnector.Callback): void {
		const port = target.port === "" ? (target.protocol === "https:" ? 443 : 80) : Number(target.port);
		const reason = localReason(target.hostname, port, options.lmxAddress());
		if (options.localOnly() && reason === null) {
			callback(new EgressRefusedError(`${target.hostname}:${port}`), null);
			return;
		}
		(reason === "loopback" ? connectLoopback : connectAnywhere)(target, callback);
	}

	/** As `connect`, and to what the person joined. */
	function connectToReach(target: buildConnector.Options, callback: buildConnector.Callback): void {
		const address = addressOf(targetOf(`${target.protocol}//${target.host ?? target.hostname}`));
		(reachAddresses.has(address) ? connectAnywhere : connect)(target, callback);
	}

	/** As `connect`, but only to the public internet and to what the user named. */
	function connectForPages(target: buildConnector.Options, callback: buildConnector.Callback): void {
		const { origin, host, port } = targetOf(`${target.protocol}//${target.host ?? target.hostname}`);
		const isPrivate = isIP(host) === 0 ? localReason(host, port, options.lmxAddress()) !== null : !isPublicAddress(host);
		if (options.mayFetchPrivately?.(origin) === true) {
			connect(target, callback);
		} else if (isPrivate) {
			callback(new PrivateAddressError(origin), null);
		} else if (options.localOnly()) {
			connect(target, callback);
		} else {
			connectPublic(target, callback);
		}
	}

	function open(purpose: EgressPurpose): { way: EgressWay; agent: Agent } {
		// A model may read a prompt for many minutes: whoever asks one watches by other means that its server is alive.
		const timeouts = purpose === "model" || purpose === "anthropic" ? { headersTimeout: 0, bodyTimeout: 0 } : {};
		const connectFor = purpose === "web_fetch" ? connectForPages : purpose === "reach" ? connectToReach : connect;
		const agent = new GuardedAgent({ connect: connectFor, ...timeouts }, (origin) => check(origin, purpose));
		const way: EgressWay = {
			fetch: (input, init) => fetch(input, { ...init, dispatcher: agent }),
			dispatcher: agent,
			openSocket: (url, socketOptions) => new WebSocket(url, { ...socketOptions, dispatcher: agent }),
		};
		return { way, agent };
	}

	return {
		way(purpose) {
			const known = ways.get(purpose) ?? open(purpose);
			ways.set(purpose, known);
			return known.way;
		},
		assertAllowed: (url, purpose) => check(url, purpose),
		permitReach(origins) {
			reachAddresses = new Set(origins.map((origin) => addressOf(targetOf(origin))));
		},
		log: () => entries,
		async close() {
			await Promise.all([...ways.values()].map(({ agent }) => agent.destroy()));
		},
	};
}
