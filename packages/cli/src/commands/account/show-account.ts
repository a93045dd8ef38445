import type { DeviceIdentity } from "@opta/contracts/schema/device-sign-in";
import { siteUrl } from "@opta/contracts/site-url";
import { type Account, openAccount, orSignInFailure } from "../../account/open-account.ts";
import { failureKindOf } from "../../daemon/unwrap-answer.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";

async function readIdentity({ session, store }: Account): Promise<DeviceIdentity> {
	return orSignInFailure(async () => {
		if ((await store.read()) === null) {
			throw new CommandFailure("failed", "Nobody is signed in on this computer. Sign in: opta account login");
		}
		const answer = await session.whoAmI();
		if (!answer.ok) {
			throw new CommandFailure(failureKindOf(answer), answer.message);
		}
		return answer.value;
	});
}

/** Prints who is signed in. */
export const runWhoAmI: CommandRun = async ({ context: { output, ...rest }, flags }) => {
	const account = await openAccount({ output, ...rest });
	const { user, device } = await readIdentity(account);
	if (flags.isSet("json")) {
		output.json({ user, device });
	} else {
		output.line(`${user.name} <${user.email}>`);
		output.line(`on ${device.name}, kept in ${account.store.place}`);
	}
	return "ok";
};

/** Prints this computer's entry, and the page with all of them. */
export const runDevices: CommandRun = async ({ context: { output, ...rest }, flags }) => {
	const account = await openAccount({ output, ...rest });
	const { device } = await readIdentity(account);
	const page = siteUrl(account.addressing, "accounts", "/sessions");
	if (flags.isSet("json")) {
		output.json({ device, page });
	} else {
		output.line(`${device.id}  ${device.name}  (this computer)`);
		output.note(`All devices, and how to end their access: ${page}`);
	}
	return "ok";
};

/** Signs this computer out, at accounts too where they can be reached. */
export const runLogout: CommandRun = async ({ context: { output, ...rest }, flags }) => {
	const { session, store } = await openAccount({ output, ...rest });
	const wasSignedIn = await orSignInFailure(async () => (await store.read()) !== null);
	const { endedAtAccounts } = wasSignedIn ? await session.signOut() : { endedAtAccounts: false };
	if (flags.isSet("json")) {
		output.json({ signedIn: false, wasSignedIn, endedAtAccounts });
	} else if (!wasSignedIn) {
		output.line("Nobody was signed in.");
	} else {
		output.line("Signed out.");
		if (!endedAtAccounts) {
			output.note("Accounts could not be reached, so the device is still listed there. End it on its page of devices.");
		}
	}
	return "ok";
};
