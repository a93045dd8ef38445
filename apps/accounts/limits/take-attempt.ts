import { createHmac } from "node:crypto";
import type { Portal } from "../portal/portal.ts";
import { type AttemptKind, type AttemptWindow, attemptLimits } from "./attempt-limits.ts";

/** May the attempt be made? `waitSeconds` until it may; the back end may also be away. */
export type AttemptVerdict =
	| { readonly state: "allowed" }
	| { readonly state: "wait"; readonly waitSeconds: number }
	| { readonly state: "unavailable" };

/** Neither a mail address nor a network can be read from the database. */
function keyed(portal: Portal, text: string): string {
	return createHmac("sha256", portal.key).update(text).digest("base64url");
}

interface KeyedWindow extends AttemptWindow {
	readonly key: string;
}

function subjectWindows(portal: Portal, kind: AttemptKind, subject: string): readonly KeyedWindow[] {
	return attemptLimits[kind].subject.map((window) => ({
		...window,
		key: keyed(portal, `${kind} subject ${window.seconds} ${subject.toLowerCase()}`),
	}));
}

function networkWindows(portal: Portal, kind: AttemptKind, network: string): readonly KeyedWindow[] {
	return attemptLimits[kind].address.map((window) => ({ ...window, key: keyed(portal, `${kind} network ${window.seconds} ${network}`) }));
}

/** Counts an attempt about a subject (an address, a code, a device) from a network; null subjects and networks are not counted. */
export async function takeAttempt(
	portal: Portal,
	kind: AttemptKind,
	subject: string | null,
	network: string | null,
): Promise<AttemptVerdict> {
	const windows = [
		...(subject === null ? [] : subjectWindows(portal, kind, subject)),
		...(network === null ? [] : networkWindows(portal, kind, network)),
	];
	if (windows.length === 0) {
		return { state: "allowed" };
	}
	const answer = await portal.call("take_attempt", {
		attempt_keys: windows.map(({ key }) => key),
		most: windows.map(({ most }) => most),
		window_seconds: windows.map(({ seconds }) => seconds),
	});
	if (answer.state !== "ok" || typeof answer.data !== "number") {
		return { state: "unavailable" };
	}
	return answer.data === 0 ? { state: "allowed" } : { state: "wait", waitSeconds: answer.data };
}

/** Gives back the last attempt about a subject: it was right. That of the network stays. */
export async function returnAttempt(portal: Portal, kind: AttemptKind, subject: string): Promise<void> {
	const keys = subjectWindows(portal, kind, subject).map(({ key }) => key);
	if (keys.length > 0) {
		await portal.call("return_attempt", { attempt_keys: keys });
	}
}
