import { errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";
import { readJsonBody } from "@opta/contracts/read-json-body";
import { type OpenPairing, openPairingSchema, type PairingStep, pairingStepSchema, vaultIdSchema } from "@opta/contracts/schema/vault";
import { largestRelayRequestBytes } from "@opta/contracts/vault-limits";

/** What the store of pairings answers. `gone`: no such pairing is open, or its step was taken. */
export type RelayAnswer =
	| { readonly state: "ok"; readonly data: unknown }
	| { readonly state: "gone" | "full" | "refused" | "unavailable" };

/** Where pairings are kept. It sees public halves and one sealed text; it acts for the caller that it was opened for. */
export interface RelayStore {
	open(pairing: OpenPairing): Promise<RelayAnswer>;
	read(): Promise<RelayAnswer>;
	step(pairingId: string, step: PairingStep): Promise<RelayAnswer>;
	end(pairingId: string): Promise<RelayAnswer>;
}

/** Who asks, and where its pairings are. */
export interface RelayDependencies {
	/** The device that asks; null for its owner's browser. */
	readonly deviceId: string | null;
	readonly store: RelayStore;
}

const headers = { "cache-control": "private, no-store" };

const refusals = {
	gone: ["conflict", "This pairing has ended, or this step was taken already. Start again on the device."],
	full: ["rate_limited", "Too many pairings are open. Wait five minutes, or end the open ones."],
	refused: ["unauthenticated", "The session is over; sign in again."],
	unavailable: ["unavailable", "The account service cannot be reached; try again in a moment."],
} as const satisfies Record<Exclude<RelayAnswer["state"], "ok">, readonly [ErrorCode, string]>;

function refuse(code: ErrorCode, message: string): Response {
	const response = Response.json(errorBody(code, message), { status: errorStatus[code], headers });
	if (code === "rate_limited") {
		response.headers.set("retry-after", "300");
	}
	return response;
}

function answered(answer: RelayAnswer, status = 200): Response {
	if (answer.state === "ok") {
		return Response.json(answer.data, { status, headers });
	}
	const [code, message] = refusals[answer.state];
	return refuse(code, message);
}

async function answerPost(request: Request, pairingId: string | null, { deviceId, store }: RelayDependencies): Promise<Response> {
	const body = await readJsonBody(request, largestRelayRequestBytes);
	if (body.state === "tooLarge") {
		return refuse("payload_too_large", `A pairing's request has at most ${largestRelayRequestBytes} bytes.`);
	}
	const value = body.state === "read" ? body.value : undefined;
	if (pairingId === null) {
		const opening = openPairingSchema.safeParse(value);
		if (!opening.success) {
			return refuse("invalid_request", "The body does not open a pairing. Update the program.");
		}
		if (opening.data.deviceId !== deviceId) {
			return refuse("forbidden", "A device opens pairings for itself only.");
		}
		return answered(await store.open(opening.data), 201);
	}
	const step = pairingStepSchema.safeParse(value);
	return step.success
		? answered(await store.step(pairingId, step.data))
		: refuse("invalid_request", "The body is no step of a pairing. Update the program, or load the page again.");
}

/**
 * The key relay: carries a wrapped vault key from a browser that has the vault open to a device that was just paired.
 * `POST` opens a pairing or, with an id, takes a step; `GET` reads the open ones; `DELETE` ends one. It keeps what it is
 * given for five minutes and gives the sealed part out once. Who asks was found out before.
 * @param pairingId the last segment of the path, or null
 */
export async function handleRelay(request: Request, pairingId: string | null, dependencies: RelayDependencies): Promise<Response> {
	if (pairingId !== null && !vaultIdSchema.safeParse(pairingId).success) {
		return refuse("not_found", "There is no such pairing.");
	}
	if (request.method === "POST") {
		return answerPost(request, pairingId, dependencies);
	}
	if (request.method === "GET" && pairingId === null) {
		return answered(await dependencies.store.read());
	}
	if (request.method === "DELETE" && pairingId !== null) {
		return answered(await dependencies.store.end(pairingId));
	}
	return refuse("invalid_request", "The relay takes GET, POST and DELETE.");
}
