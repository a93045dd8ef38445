import { AuthUnavailableError } from "@opta/auth/access-token";
import { createDataClientFor } from "@opta/auth/data-client";
import { errorBody } from "@opta/contracts/error-body";
import { errorStatus } from "@opta/contracts/error-codes";
import { type HostRole, hostRoles } from "@opta/contracts/roles";
import { passRequestSchema } from "@opta/contracts/schema/pass";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { bearerToken, readDevice } from "../devices/read-device.ts";
import { openAuthClient } from "../session/auth-client.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";

const membershipSchema = z.object({ role: z.enum(hostRoles) }).nullable();

type Membership =
	| { readonly state: "member"; readonly role: HostRole }
	| { readonly state: "stranger" | "unknownHost" | "sessionEnded" | "unavailable" };

/** Looks the role up under the person's own rights: row-level security answers, no key of ours. */
async function findMembership(context: AccountsContext, accessToken: string, userId: string, hostId: string): Promise<Membership> {
	const data = createDataClientFor(context.configuration, accessToken);
	const [membership, host] = await Promise.all([
		data.from("host_members").select("role").eq("host_id", hostId).eq("user_id", userId).maybeSingle(),
		data.from("hosts").select("id").eq("id", hostId).maybeSingle(),
	]);
	for (const { error, status } of [membership, host]) {
		if (status === 401 || status === 403) {
			return { state: "sessionEnded" };
		}
		if (error !== null) {
			return { state: "unavailable" };
		}
	}
	const row = membershipSchema.parse(membership.data);
	if (row !== null) {
		return { state: "member", role: row.role };
	}
	return { state: host.data === null ? "unknownHost" : "stranger" };
}

/** A signed-out token stays valid until it expires; the back end alone knows that its session is over. */
async function sessionState(context: AccountsContext, accessToken: string): Promise<"live" | "ended" | "unavailable"> {
	const client = openAuthClient(context.configuration);
	const { error } = await client.auth.getUser(accessToken);
	if (client.unreachable()) {
		return "unavailable";
	}
	return error === null ? "live" : "ended";
}

async function readHostId(request: Request): Promise<string | null> {
	try {
		const asked = passRequestSchema.safeParse(await request.json()).data;
		return asked !== undefined && "hostId" in asked ? asked.hostId : null;
	} catch {
		return null;
	}
}

function unknownHost(): Response {
	return refusal("not_found", "There is no such host among yours; check the host id.");
}

async function issueTo(context: AccountsContext, accessToken: string, userId: string, hostId: string): Promise<Response> {
	const [session, membership] = await Promise.all([
		sessionState(context, accessToken),
		findMembership(context, accessToken, userId, hostId),
	]);
	if (session === "ended" || membership.state === "sessionEnded") {
		return refusal("unauthenticated", "The session is over; sign in again.");
	}
	if (session === "unavailable" || membership.state === "unavailable") {
		return refusal("unavailable", accountServiceUnreachable);
	}
	if (membership.state === "member") {
		return privateJson(await context.signer.sign({ userId, hostId, role: membership.role }));
	}
	return membership.state === "stranger"
		? refusal("forbidden", "You are no member of this host; ask its owner to add you.")
		: unknownHost();
}

/** A pass for the person whose device asks; null when the token is no device's. */
async function issueToDevice(context: AccountsContext, token: string, hostId: string): Promise<Response | null> {
	const verdict = await readDevice(context, token, hostId);
	switch (verdict.state) {
		case "none":
			return null;
		case "ended":
			return refusal("unauthenticated", "This device was signed out; sign it in again.");
		case "unavailable":
			return refusal("unavailable", accountServiceUnreachable);
		case "live": {
			const { user, role } = verdict.device;
			return role === null ? unknownHost() : privateJson(await context.signer.sign({ userId: user.id, hostId, role }));
		}
	}
}

/** `POST /api/pass`: a pass of 60 s for a host, for the servers of the sites and for devices. Browsers have no business here. */
export async function issuePass(context: AccountsContext, request: Request): Promise<Response> {
	if (request.headers.has("origin")) {
		return refusal("foreign_origin", "Passes are given to the servers of the sites, not to pages.");
	}
	const accessToken = bearerToken(request.headers);
	if (accessToken === undefined) {
		return refusal("unauthenticated", "Send the person's access token as a bearer token.");
	}
	try {
		const hostId = await readHostId(request);
		if (hostId === null) {
			const body = errorBody("invalid_request", 'The body must be {"hostId": "<uuid>"}.', { param: "hostId" });
			return privateJson(body, [], errorStatus.invalid_request);
		}
		const forDevice = await issueToDevice(context, accessToken, hostId);
		if (forDevice !== null) {
			return forDevice;
		}
		const verdict = await context.verify(accessToken);
		if (verdict.state !== "valid") {
			const ended = verdict.state === "expired";
			return ended
				? refusal("session_expired", "The access token has expired; refresh the session and try again.")
				: refusal("unauthenticated", "The access token is not valid; sign in again.");
		}
		return await issueTo(context, accessToken, verdict.claims.userId, hostId);
	} catch (error) {
		if (error instanceof AuthUnavailableError) {
			return refusal("unavailable", accountServiceUnreachable);
		}
		throw error;
	}
}
