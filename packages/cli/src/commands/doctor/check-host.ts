import { broken, type CheckOutcome, fine, limited } from "@opta/contracts/doctor-check";
import { isOverlayAddress } from "@opta/contracts/overlay-address";
import { type DoctorCheck, doctorReportSchema } from "@opta/contracts/schema/doctor";
import type { LmxAdmin } from "../../lmx/lmx-admin.ts";
import type { Preflight } from "../../lmx/preflight.ts";

/** LMX's own looks take up to eight seconds. */
const doctorTimeoutMs = 12_000;

/** Whether LMX answers where it is configured, or was found. */
export function judgeHost(host: Preflight): CheckOutcome {
	return host.reachable
		? fine(`${host.address}, LMX ${host.build}, ${host.latencyMs} ms`)
		: broken(host.problem ?? `${host.address} cannot be reached`, "opta connect; on the host: opta serve start");
}

/** Whether there is a model to ask. */
export function judgeModels({ models }: Preflight): CheckOutcome {
	const ready = models.filter(({ state }) => state === "ready").map(({ id }) => id);
	return models.length === 0
		? broken("the host has no models", "opta models pull <model>")
		: fine(`${models.length}, loaded: ${ready.join(", ") || "none; the first task loads one"}`);
}

/** Whether this computer may change the host. */
export function judgeAdminKey({ adminKey }: Preflight): CheckOutcome {
	return adminKey === "needed"
		? limited("the host wants one for opta models", "opta config set connection.adminKey")
		: fine(adminKey === "accepted" ? "accepted" : "not needed");
}

/** Whether the host's address is of a kind that is supported. */
export function judgeHostAddress(host: string): CheckOutcome {
	return isOverlayAddress(host)
		? limited(
				`${host} is an address of an overlay network (Tailscale), which Opta does not use.`,
				"Use the address of the local network, or the tunnel: opta connect --save",
			)
		: fine(`${host} is of a supported kind`);
}

/** What LMX finds when it looks at itself; nothing where it does not let this computer ask, or is too old. */
export async function askHostDoctor(admin: LmxAdmin): Promise<readonly DoctorCheck[]> {
	const answer = await admin.ask({ path: "/admin/doctor", schema: doctorReportSchema, timeoutMs: doctorTimeoutMs });
	return answer.ok ? answer.value.checks : [];
}
