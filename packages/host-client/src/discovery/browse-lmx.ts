import { createSocket, type Socket } from "node:dgram";
import { networkInterfaces } from "node:os";
import { type DnsRecord, decodeRecords, encodeQuestion, recordType } from "./dns-message.ts";

/** A host that announces itself on the local network. */
export interface FoundLmx {
	/** As people see it: `Opta LMX on mono512`. */
	readonly name: string;
	/** An address that answers here, else the name. */
	readonly host: string;
	readonly port: number;
	/** Inference wants a key. */
	readonly needsKey: boolean;
	readonly needsAdminKey: boolean;
	readonly build: string | null;
}

/** How the local network is asked. */
export interface BrowseOptions {
	readonly timeoutMs: number;
	/** Ends it when the first host has answered. */
	readonly firstOnly?: boolean;
	readonly signal?: AbortSignal;
	/** Where to ask; multicast DNS (RFC 6762 §3) when missing. */
	readonly group?: { readonly address: string; readonly port: number };
}

const service = "_opta-lmx._tcp.local";
const multicastGroup = { address: "224.0.0.251", port: 5353 };
/** A network with more hosts than this is not a home. */
const maxRecords = 1000;

/** The hosts that records describe, those with an address first. */
export function hostsOf(records: readonly DnsRecord[]): FoundLmx[] {
	const found = new Map<string, FoundLmx>();
	for (const pointer of records) {
		if (pointer.type !== "ptr" || pointer.name.toLowerCase() !== service) {
			continue;
		}
		const place = records.find((record) => record.type === "srv" && record.name === pointer.target);
		if (place?.type !== "srv") {
			continue;
		}
		const text = records.find((record) => record.type === "txt" && record.name === pointer.target);
		const values = text?.type === "txt" ? text.values : {};
		const address = records.find((record) => record.type === "a" && record.name.toLowerCase() === place.target.toLowerCase());
		found.set(pointer.target, {
			name: pointer.target.slice(0, -(service.length + 1)),
			host: address?.type === "a" ? address.address : place.target,
			port: place.port,
			needsKey: values.auth === "key",
			needsAdminKey: values.adminAuth === "key",
			build: values.version ?? null,
		});
	}
	return [...found.values()];
}

function ask(socket: Socket, group: { readonly address: string; readonly port: number }): void {
	const question = encodeQuestion(Math.floor(Math.random() * 0xffff), service, recordType.ptr);
	// A network that takes no multicast simply has nobody to find; the error comes to the callback.
	const send = (): void => socket.send(question, group.port, group.address, () => undefined);
	if (group.address !== multicastGroup.address) {
		send();
		return;
	}
	const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
	for (const { family, address } of own) {
		if (family === "IPv4") {
			socket.setMulticastInterface(address);
			send();
		}
	}
}

/**
 * Hosts of LMX that announce themselves by multicast DNS (`_opta-lmx._tcp.local`). The question leaves from a port of its own,
 * so that answers come to it alone (RFC 6762 §6.7) and no other responder of this computer is disturbed. Never rejects: a
 * network that cannot be asked has no hosts.
 */
export async function browseLmx(options: BrowseOptions): Promise<FoundLmx[]> {
	const group = options.group ?? multicastGroup;
	const records: DnsRecord[] = [];
	const socket = createSocket({ type: "udp4", reuseAddr: true });
	const { promise: over, resolve: end } = Promise.withResolvers<void>();
	const limit = AbortSignal.timeout(options.timeoutMs);
	const stop = options.signal === undefined ? limit : AbortSignal.any([limit, options.signal]);
	stop.addEventListener("abort", () => end(), { once: true });
	socket.on("error", () => end());
	socket.on("message", (packet) => {
		if (records.length < maxRecords) {
			records.push(...decodeRecords(packet));
		}
		if (options.firstOnly === true && hostsOf(records).length > 0) {
			end();
		}
	});
	socket.bind(0, () => ask(socket, group));
	await over;
	socket.close();
	return hostsOf(records);
}
