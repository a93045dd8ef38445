import type { DoorTarget } from "@opta/contracts/door-routes";
import { deviceIdHeader, peersPath } from "@opta/contracts/reach";

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** True for the text of a UUID (RFC 9562 §4). */
export function isUuid(text: string): boolean {
	return uuid.test(text);
}

/**
 * The device whose daemon a request asks: named by the path of a peer, by a header for the daemon beside the host.
 * Null where none is asked, undefined where one is and its name is none.
 */
export function askedDevice(target: DoorTarget, path: string, headers: Headers): string | null | undefined {
	if (target !== "peer" && target !== "daemon") {
		return null;
	}
	const named = target === "peer" ? path.slice(peersPath.length + 1).split("/")[0] : headers.get(deviceIdHeader);
	return named !== null && named !== undefined && isUuid(named) ? named : undefined;
}
