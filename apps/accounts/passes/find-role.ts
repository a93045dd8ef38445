import { createDataClientFor } from "@opta/auth/data-client";
import { type HostRole, hostRoles } from "@opta/contracts/roles";
import type { PassRequest } from "@opta/contracts/schema/pass";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { isDeviceOf, type LiveDevice } from "../devices/read-device.ts";
import { openAuthClient } from "../session/auth-client.ts";

const membershipSchema = z.object({ role: z.enum(hostRoles) }).nullable();

/** Who asks for a pass: a person by the access token of their session, or one of their devices. */
export type PassCaller =
	| { readonly kind: "session"; readonly userId: string; readonly accessToken: string }
	| { readonly kind: "device"; readonly userId: string; readonly device: LiveDevice };

/** The caller's role at what a pass is asked for, or why there is none. */
export type RoleVerdict =
	| { readonly state: "found"; readonly role: HostRole }
	| { readonly state: "stranger" | "unknownHost" | "unknownDevice" | "sessionEnded" | "unavailable" };

/** Looks the role up under the person's own rights: row-level security answers, no key of ours. A revoked host is seen by nobody. */
async function findMembership(context: AccountsContext, accessToken: string, userId: string, hostId: string): Promise<RoleVerdict> {
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
	if (host.data === null) {
		return { state: "unknownHost" };
	}
	const row = membershipSchema.parse(membership.data);
	return row === null ? { state: "stranger" } : { state: "found", role: row.role };
}

/** A device is its person's own, and nobody else has anything to do with it. */
async function findOwnership(context: AccountsContext, userId: string, deviceId: string): Promise<RoleVerdict> {
	const isOwn = await isDeviceOf(context, userId, deviceId);
	if (isOwn === "unavailable") {
		return { state: isOwn };
	}
	return isOwn ? { state: "found", role: "owner" } : { state: "unknownDevice" };
}

/** A signed-out token stays valid until it expires; the back end alone knows that its session is over. */
async function sessionState(context: AccountsContext, accessToken: string): Promise<"live" | "sessionEnded" | "unavailable"> {
	const client = openAuthClient(context.configuration);
	const { error } = await client.auth.getUser(accessToken);
	if (client.unreachable()) {
		return "unavailable";
	}
	return error === null ? "live" : "sessionEnded";
}

/** Finds the role of whoever asks for a pass. The device of a caller was read with its role at the host that is asked for. */
export async function findRole(context: AccountsContext, caller: PassCaller, asked: PassRequest): Promise<RoleVerdict> {
	const { userId } = caller;
	if (caller.kind === "device") {
		if ("deviceId" in asked) {
			return findOwnership(context, userId, asked.deviceId);
		}
		const { role } = caller.device;
		return role === null ? { state: "unknownHost" } : { state: "found", role };
	}
	const [session, verdict] = await Promise.all([
		sessionState(context, caller.accessToken),
		"hostId" in asked ? findMembership(context, caller.accessToken, userId, asked.hostId) : findOwnership(context, userId, asked.deviceId),
	]);
	return session === "live" || verdict.state === "sessionEnded" ? verdict : { state: session };
}
