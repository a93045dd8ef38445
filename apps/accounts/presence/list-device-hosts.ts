import { publicDeviceKeySchema } from "@opta/auth/device-credential/device-key";
import type { DeviceHosts } from "@opta/contracts/schema/host-claim";
import { z } from "zod";
import { databaseTime } from "../account/database-time.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { callingDevice } from "../devices/calling-device.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";

const rowsSchema = z.array(
	z
		.object({
			id: z.uuid(),
			name: z.string(),
			role: z.string(),
			door_url: z.string().nullable(),
			lan_urls: z.array(z.string()),
			public_key: publicDeviceKeySchema.nullable(),
			last_seen_at: z.string().nullable(),
		})
		.transform(({ door_url, lan_urls, public_key, last_seen_at, ...host }) => ({
			...host,
			doorUrl: door_url,
			lanUrls: lan_urls,
			key: public_key,
			lastSeenAt: last_seen_at === null ? null : databaseTime(last_seen_at).toISOString(),
		})),
);

/** `GET /api/device/hosts`: the hosts that the device's person may use, where each is, and the key that it has to show. */
export async function listDeviceHosts(context: AccountsContext, request: Request): Promise<Response> {
	const caller = await callingDevice(context, request);
	if (!caller.ok) {
		return caller.response;
	}
	const answer = await context.portal.call("list_device_hosts", { of_device: caller.device.deviceId });
	if (answer.state !== "ok") {
		return refusal("unavailable", accountServiceUnreachable);
	}
	const hosts: DeviceHosts = { hosts: rowsSchema.parse(answer.data) };
	return privateJson(hosts);
}
