import type { DeviceCredential } from "@opta/auth/cli-login/credential";
import { type DeviceSession, openDeviceSession } from "@opta/auth/cli-login/device-session";
import { SignInError } from "@opta/auth/cli-login/sign-in-error";
import { clockSkewMs, judgeClock } from "@opta/contracts/clock-skew";
import { broken, type CheckOutcome, fine, limited, runCheck, skipped } from "@opta/contracts/doctor-check";
import type { DoctorLayer } from "@opta/contracts/doctor-layers";
import { type ErrorCode, errorStatus, errorType } from "@opta/contracts/error-codes";
import { placeOfOrigin } from "@opta/contracts/origin-place";
import { passKeysPath } from "@opta/contracts/pass";
import type { DoctorCheck } from "@opta/contracts/schema/doctor";
import type { DeviceHost } from "@opta/contracts/schema/host-claim";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { openAccountStore } from "@opta/daemon/account/account-store";
import { addressingOf } from "@opta/daemon/account/accounts-addressing";
import { examineWay, type TakenPass } from "@opta/host-client/doctor/examine-way";

const timeLimitMs = 20_000;
const clockLimitMs = 6_000;
const later = "Try again in a moment; see status.optalocal.com.";
const offline = "Check this computer's way to the internet, and status.optalocal.com.";

function check(layer: DoctorLayer, name: string, look: () => CheckOutcome | Promise<CheckOutcome>): Promise<DoctorCheck> {
	return runCheck({ layer, name, timeLimitMs, fixWhenLate: offline }, look);
}

/** True where accounts does not know this computer any more. */
function isRefusal(code: ErrorCode | "unknown"): boolean {
	return code !== "unknown" && errorType(code) === "authentication_error";
}

function wordsOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Compares the clocks of this computer and of accounts. */
async function askClock(origin: string): Promise<CheckOutcome> {
	const { base, headers } = placeOfOrigin(origin);
	try {
		const answer = await fetch(`${base}${passKeysPath}`, { headers, redirect: "manual", signal: AbortSignal.timeout(clockLimitMs) });
		await answer.body?.cancel();
		return judgeClock(clockSkewMs(answer.headers.get("date"), Date.now()), "accounts");
	} catch (error) {
		return skipped(`The clock of accounts was not told: ${wordsOf(error)}.`);
	}
}

/** The hosts of the person at accounts, or what is wrong with the session. */
async function askHosts(session: DeviceSession): Promise<{ readonly outcome: CheckOutcome; readonly hosts: readonly DeviceHost[] | null }> {
	try {
		const answer = await session.listHosts();
		return answer.ok
			? { outcome: fine("accounts knows this computer"), hosts: answer.value }
			: { outcome: broken(answer.message, isRefusal(answer.code) ? "opta account login" : later), hosts: null };
	} catch (error) {
		if (!(error instanceof SignInError)) {
			throw error;
		}
		return { outcome: broken(error.message, error.cause === undefined ? "opta account login" : offline), hosts: null };
	}
}

async function takePass(session: DeviceSession, hostId: string): Promise<TakenPass> {
	try {
		const answer = await session.requestPass(hostId);
		return answer.ok
			? { ok: true, pass: answer.value.pass, role: answer.value.role }
			: { ok: false, status: answer.code === "unknown" ? 500 : errorStatus[answer.code], message: answer.message };
	} catch (error) {
		return { ok: false, status: 503, message: wordsOf(error) };
	}
}

/** The host that this computer is joined to, else the one that was seen last. */
function chooseHost(hosts: readonly DeviceHost[], joined: string | null): DeviceHost | undefined {
	return hosts.find(({ id }) => id === joined) ?? hosts.toSorted((a, b) => (b.lastSeenAt ?? "").localeCompare(a.lastSeenAt ?? ""))[0];
}

async function examineSignedIn(config: OptaConfig, session: DeviceSession): Promise<readonly DoctorCheck[]> {
	const clock = check("clock", "this computer and accounts", () => askClock(config.accounts.origin));
	const { outcome, hosts } = await askHosts(session);
	const accounts = await check("session", "accounts", () => outcome);
	if (hosts === null) {
		return [accounts, await clock];
	}
	const host = chooseHost(hosts, config.reach.host);
	if (host === undefined) {
		const none = limited("You are a member of no host.", "On the computer that has the models: opta host claim");
		return [accounts, await check("membership", "hosts", () => none), await clock];
	}
	const told = hosts.map(({ name, role }) => `${role} of ${name}`).join(", ");
	const memberships = await check("membership", "hosts", () =>
		config.reach.host === null || host.id === config.reach.host
			? fine(`${told}; looked at: ${host.name}`)
			: broken(
					`The host that this computer is to be joined to is none of yours any more. You are ${told}.`,
					"opta reach off, or join another: opta reach on",
				),
	);
	const way = await examineWay({
		program: "opta",
		takePass: () => takePass(session, host.id),
		findDoor: async () => (host.doorUrl === null ? { state: "none" } : { state: "found", doorUrl: host.doorUrl }),
		allowsPrivate: true,
	});
	return [accounts, memberships, ...way, await clock];
}

/** The sign-in of this computer, and the way from it by accounts to the person's host. */
export async function checkAccount(home: string, config: OptaConfig | null): Promise<readonly DoctorCheck[]> {
	const store = await openAccountStore(home);
	let credential: DeviceCredential | null;
	try {
		credential = await store.read();
	} catch (error) {
		return [await check("session", "session", () => broken(wordsOf(error), "opta account login"))];
	}
	if (credential === null) {
		return [await check("session", "session", () => skipped("not signed in (needed for the vault and for reaching hosts from elsewhere)"))];
	}
	const session = await check("session", "session", () => fine(`signed in, kept in ${store.place}`));
	const addressing = config === null ? null : addressingOf(config.accounts.origin);
	if (config === null || addressing === null) {
		return [session];
	}
	return [session, ...(await examineSignedIn(config, openDeviceSession(addressing, store)))];
}
