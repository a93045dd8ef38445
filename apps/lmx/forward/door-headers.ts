import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import { devicePassHeader } from "@opta/contracts/reach";

/** Passes of a request: for the host, and for the device behind it where one is asked. */
export interface DoorPasses {
	readonly host: string;
	readonly device: string | null;
}

/** What a browser may tell the door. Cookies and everything about who asks stay here. */
const requestHeaders = ["accept", "content-type", "last-event-id", ...Object.values(daemonHeaders)] as const;

/** What the door may tell a browser. */
const responseHeaders = ["content-type", "retry-after", "x-request-id"] as const;

/** Headers of the request to the door, with the passes. */
export function doorRequestHeaders(headers: Headers, passes: DoorPasses): Record<string, string> {
	return {
		...pick(requestHeaders, (name) => headers.get(name)),
		authorization: `Bearer ${passes.host}`,
		...(passes.device === null ? {} : { [devicePassHeader]: passes.device }),
	};
}

/**
 * Headers of the answer to the browser. `no-transform` keeps Next.js from compressing, which would hold tokens back;
 * `X-Accel-Buffering` asks the same of proxies in front.
 */
export function browserResponseHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
	return {
		...pick(responseHeaders, (name) => headers[name]),
		"cache-control": "no-store, no-transform",
		"x-accel-buffering": "no",
	};
}

function pick(names: readonly string[], read: (name: string) => string | string[] | null | undefined): Record<string, string> {
	return Object.fromEntries(
		names.flatMap((name) => {
			const value = read(name);
			return typeof value === "string" ? [[name, value]] : [];
		}),
	);
}
