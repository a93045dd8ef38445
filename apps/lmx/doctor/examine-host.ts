import type { PassResult } from "@opta/auth/pass-cache";
import { build } from "@opta/contracts/build";
import { fine, runCheck } from "@opta/contracts/doctor-check";
import type { DoctorReport } from "@opta/contracts/schema/doctor";
import { examineWay, type FoundDoor } from "@opta/host-client/doctor/examine-way";

/** How this site gets to a host for a signed-in person. */
export interface HostParts {
	/** When the person's session has to be refreshed. */
	readonly expiresAtMs: number;
	readonly takePass: () => Promise<PassResult>;
	readonly findDoor: () => Promise<FoundDoor>;
	/** The whole platform runs on one machine: doors on loopback are meant. */
	readonly isLocal: boolean;
}

/** Answer of `GET /api/host/<hostId>/doctor`. */
export async function examineHost({ expiresAtMs, takePass, findDoor, isLocal }: HostParts): Promise<DoctorReport> {
	const minutes = Math.max(0, Math.round((expiresAtMs - Date.now()) / 60_000));
	const subject = { layer: "session", name: "session", timeLimitMs: 1000, fixWhenLate: "Sign in again." } as const;
	const session = await runCheck(subject, () => fine(`You are signed in; the session is refreshed in ${minutes} min.`));
	const way = await examineWay({
		program: "site",
		async takePass() {
			const taken = await takePass();
			return taken.ok ? taken : { ok: false, status: taken.status, message: taken.body.error.message };
		},
		findDoor,
		allowsPrivate: isLocal,
	});
	return { build, at: new Date().toISOString(), checks: [session, ...way] };
}
