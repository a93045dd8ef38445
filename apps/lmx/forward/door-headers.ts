import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import { devicePassHeader, deviceProofHeader } from "@opta/contracts/reach";

/** What a request shows a device: the person's pass, and the proof that its holder made this request. */
export interface DeviceProof {
	readonly pass: string;
	readonly proof: string;
}

/** What a browser may tell the door. Cookies and everything about who asks stay here. */
const requestHeaders = ["accept", "content-type", "last-event-id", ...Object.values(daemonHeaders)] as const;

/** What the door may tell a browser, besides the kind of its answer. */
const responseHeaders = ["retry-after", "x-request-id"] as const;

/** Kinds of answers that a door gives. A page of a host, shown at this site's address, would act as whoever opened it. */
const answerTypes = ["application/json", "text/event-stream"] as const;

/** One of these. */
export type AnswerType = (typeof answerTypes)[number];

/** Headers of the request to the door, with the pass for the host and what a device behind it is shown, if one is asked. */
export function doorRequestHeaders(headers: Headers, hostPass: string, device: DeviceProof | null): Record<string, string> {
	return {
		...pick(requestHeaders, (name) => headers.get(name)),
		authorization: `Bearer ${hostPass}`,
		...(device === null ? {} : { [devicePassHeader]: device.pass, [deviceProofHeader]: device.proof }),
	};
}

/**
 * The kind that a `Content-Type` names; null for any other. What follows its name is not looked at and never passed on:
 * of `application/json, text/html` browsers take the last.
 */
export function answerTypeOf(contentType: string | string[] | undefined): AnswerType | null {
	const name = typeof contentType === "string" ? contentType.split(/[;,]/)[0]?.trim().toLowerCase() : undefined;
	return answerTypes.find((type) => type === name) ?? null;
}

/**
 * Headers of the answer to the browser, of this kind if it has a body. `no-transform` keeps Next.js from compressing, which would hold tokens back;
 * `X-Accel-Buffering` asks the same of proxies in front.
 */
export function browserResponseHeaders(
	headers: Readonly<Record<string, string | string[] | undefined>>,
	type: AnswerType | null,
): Record<string, string> {
	return {
		...pick(responseHeaders, (name) => headers[name]),
		...(type === null ? {} : { "content-type": type }),
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
