import { internalRequest } from "@opta/contracts/addressing";
import { type ErrorBody, errorBody } from "@opta/contracts/error-body";
import type { HostRole } from "@opta/contracts/roles";
import type { TicketUse } from "@opta/contracts/schema/pass";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { request } from "undici";
import type { PassResult, PassTarget } from "./pass-cache.ts";

const timeoutMs = 10_000;

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}

function unreachable(): PassResult {
	return {
		ok: false,
		status: 503,
		body: errorBody("unavailable", "Accounts cannot be reached, so no pass could be had; try again in a moment."),
	};
}

function readRefusal(status: number, body: unknown): PassResult {
	const refused = isRecord(body) && isRecord(body.error) && typeof body.error.code === "string" && typeof body.error.message === "string";
	return refused ? { ok: false, status, body: body as unknown as ErrorBody } : unreachable();
}

function readAnswer(status: number, body: unknown): PassResult {
	if (status !== 200) {
		return readRefusal(status, body);
	}
	if (!isRecord(body) || typeof body.pass !== "string" || typeof body.role !== "string" || typeof body.expiresAt !== "string") {
		return unreachable();
	}
	return { ok: true, pass: body.pass, role: body.role as HostRole, expiresAtMs: Date.parse(body.expiresAt) };
}

/** Asks accounts (`POST /api/pass`) for a pass to a host or device, or with `ticket` for a ticket, server to server. */
export async function requestPass(
	addressing: SiteAddressing,
	accessToken: string,
	target: PassTarget,
	ticket?: TicketUse,
): Promise<PassResult> {
	const { url, headers } = internalRequest(addressing, "accounts", "/api/pass");
	try {
		const { statusCode, body } = await request(url, {
			method: "POST",
			headers: { ...headers, authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
			body: JSON.stringify({ ...target, ticket }),
			signal: AbortSignal.timeout(timeoutMs),
		});
		return readAnswer(statusCode, await body.json());
	} catch {
		return unreachable();
	}
}
