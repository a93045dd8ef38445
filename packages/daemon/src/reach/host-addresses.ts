import { connect, isIP } from "node:net";
import { isPublicAddress } from "@opta/contracts/public-address";
import { isLoopbackAddress, plainHost } from "../egress/guard-address.ts";

/** Where a host says that it is. */
export interface HostPlaces {
	readonly lanUrls: readonly string[];
	readonly doorUrl: string | null;
}

function isOwnName(host: string): boolean {
	return host === "localhost" || host.endsWith(".localhost") || isLoopbackAddress(host);
}

/** Addresses in the host's own network that may be tried: literal ones that are not of the public internet. */
export function usableLanUrls({ lanUrls }: HostPlaces): readonly string[] {
	return lanUrls.filter((text) => {
		const url = URL.parse(text);
		const host = plainHost(url?.hostname ?? "");
		return url?.protocol === "http:" && isIP(host) !== 0 && !isPublicAddress(host);
	});
}

/** The door's public address where it may be tried: with TLS, or on this computer. */
export function usableDoorUrl({ doorUrl }: HostPlaces): string | null {
	const url = URL.parse(doorUrl ?? "");
	return url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isOwnName(plainHost(url.hostname))))
		? url.origin
		: null;
}

function takesConnections(url: string, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve) => {
		if (signal.aborted) {
			resolve(false);
			return;
		}
		const socket = connect({ host: plainHost(hostname), port: port === "" ? 80 : Number(port), timeout: timeoutMs });
		const settle = (answer: boolean): void => {
			signal.removeEventListener("abort", giveUp);
			socket.destroy();
			resolve(answer);
		};
		const giveUp = (): void => settle(false);
		signal.addEventListener("abort", giveUp, { once: true });
		socket.once("connect", () => settle(true));
		socket.once("timeout", giveUp);
		socket.on("error", giveUp);
	});
}

/** Of these addresses the one that takes a connection first, within so long; null where none does. Nothing is sent. */
export async function firstThatAnswers(urls: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<string | null> {
	const found = new AbortController();
	const limit = AbortSignal.any([signal, found.signal]);
	const tries = urls.map(async (url) => ((await takesConnections(url, timeoutMs, limit)) ? url : Promise.reject(new Error(url))));
	const first = await Promise.any(tries).catch(() => null);
	found.abort();
	return first;
}
