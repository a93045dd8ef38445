import { AuthUnavailableError } from "@opta/auth/access-token";
import { errorBody } from "@opta/contracts/error-body";
import { errorStatus } from "@opta/contracts/error-codes";
import { deviceAudience, hostAudience } from "@opta/contracts/pass";
import type { HostRole } from "@opta/contracts/roles";
import { type PassRequest, passRequestSchema } from "@opta/contracts/schema/pass";
import { allSiteOrigins } from "@opta/contracts/site-url";
import type { AccountsContext } from "../accounts-context.ts";
import { readSmallJson } from "../devices/program-request.ts";
import { bearerToken, readDevice } from "../devices/read-device.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { findRole, type PassCaller, type RoleVerdict } from "./find-role.ts";
import type { PassContent } from "./pass-signer.ts";

type CallerVerdict = { readonly ok: true; readonly caller: PassCaller } | { readonly ok: false; readonly response: Response };

async function readCaller(context: AccountsContext, token: string, hostId: string | null): Promise<CallerVerdict> {
	const refuse = (...words: Parameters<typeof refusal>): CallerVerdict => ({ ok: false, response: refusal(...words) });
	const verdict = await readDevice(context, token, hostId);
	switch (verdict.state) {
		case "live":
			return { ok: true, caller: { kind: "device", userId: verdict.device.user.id, device: verdict.device } };
		case "ended":
			return refuse("unauthenticated", "This device was signed out; sign it in again.");
		case "unavailable":
			return refuse("unavailable", accountServiceUnreachable);
		case "none": {
			const session = await context.verify(token);
			if (session.state === "valid") {
				return { ok: true, caller: { kind: "session", userId: session.claims.userId, accessToken: token } };
			}
			return session.state === "expired"
				? refuse("session_expired", "The access token has expired; refresh the session and try again.")
				: refuse("unauthenticated", "The access token is not valid; sign in again.");
		}
	}
}

function refuseRole(state: Exclude<RoleVerdict["state"], "found">): Response {
	switch (state) {
		case "sessionEnded":
			return refusal("unauthenticated", "The session is over; sign in again.");
		case "unavailable":
			return refusal("unavailable", accountServiceUnreachable);
		case "stranger":
			return refusal("forbidden", "You are no member of this host; ask its owner to add you.");
		case "unknownHost":
			return refusal("not_found", "There is no such host among yours; check the host id.");
		case "unknownDevice":
			return refusal("not_found", "There is no such device among yours; check the device id, or sign the device in again.");
	}
}

/** A device uses what it gets with its own key, and no other. */
function keyOf(caller: PassCaller, asked: PassRequest): Pick<PassContent, "deviceId" | "keyThumbprint"> {
	if (caller.kind === "device") {
		return { deviceId: caller.device.deviceId, keyThumbprint: caller.device.keyThumbprint };
	}
	return "deviceId" in asked && asked.keyThumbprint !== undefined ? { keyThumbprint: asked.keyThumbprint } : {};
}

function contentOf(caller: PassCaller, asked: PassRequest, role: HostRole): PassContent {
	return {
		userId: caller.userId,
		audience: "hostId" in asked ? hostAudience(asked.hostId) : deviceAudience(asked.deviceId),
		role,
		...keyOf(caller, asked),
		...(asked.ticket === undefined ? {} : { ticket: asked.ticket }),
	};
}

/**
 * `POST /api/pass`: a pass of 60 s for a host or a device, or a ticket for one opening; for the servers of the sites and
 * for devices. Browsers have no business here.
 */
export async function issuePass(context: AccountsContext, request: Request): Promise<Response> {
	if (request.headers.has("origin")) {
		return refusal("foreign_origin", "Passes are given to the servers of the sites, not to pages.");
	}
	const token = bearerToken(request.headers);
	if (token === undefined) {
		return refusal("unauthenticated", "Send the person's access token as a bearer token.");
	}
	const body = await readSmallJson(request);
	if (!body.ok) {
		return body.response;
	}
	const asked = passRequestSchema.safeParse(body.value).data;
	if (asked === undefined) {
		const message =
			'The body must be {"hostId": "<uuid>"} or {"deviceId": "<uuid>"}, and for a ticket hold "ticket": {"path": "/…", "origin": "https://…" or null}.';
		return privateJson(errorBody("invalid_request", message, { param: "hostId" }), [], errorStatus.invalid_request);
	}
	const origin = asked.ticket?.origin ?? null;
	if (origin !== null && !allSiteOrigins(context.configuration.addressing).includes(origin)) {
		return refusal("foreign_origin", "A ticket is for a page of this platform's own sites; name the origin of one, or null for a program.");
	}
	try {
		const who = await readCaller(context, token, "hostId" in asked ? asked.hostId : null);
		if (!who.ok) {
			return who.response;
		}
		const verdict = await findRole(context, who.caller, asked);
		return verdict.state === "found"
			? privateJson(await context.signer.sign(contentOf(who.caller, asked, verdict.role)))
			: refuseRole(verdict.state);
	} catch (error) {
		if (error instanceof AuthUnavailableError) {
			return refusal("unavailable", accountServiceUnreachable);
		}
		throw error;
	}
}
