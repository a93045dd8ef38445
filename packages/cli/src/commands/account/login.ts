import { hostname } from "node:os";
import { signInWithBrowser } from "@opta/auth/cli-login/browser-login";
import { signInWithCode } from "@opta/auth/cli-login/code-login";
import type { DeviceCredential } from "@opta/auth/cli-login/credential";
import { renderUnicodeCompact } from "uqr";
import { type Account, openAccount, orSignInFailure } from "../../account/open-account.ts";
import { printChanges, pullSecrets } from "../../account/pull-secrets.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun } from "../../program/command-spec.ts";
import { askLine } from "../../terminal/ask-line.ts";
import { openBrowser } from "../../terminal/open-browser.ts";

const usualTimeoutMs = 10 * 60_000;
const longestName = 80;

async function signIn({ context, flags }: CommandCall, { addressing }: Account): Promise<DeviceCredential> {
	const { output, input, signal } = context;
	const deviceName = (flags.text("name") ?? hostname()).slice(0, longestName) || "Terminal";
	const base = { addressing, deviceName, kind: "cli", signal } as const;
	if (flags.isSet("device")) {
		return signInWithCode({
			...base,
			show({ userCode, verificationUrl, verificationUrlComplete }) {
				output.note(`Open ${verificationUrl} on any device and type this code:\n\n    ${userCode}\n`);
				if (output.isTerminal) {
					output.note(renderUnicodeCompact(verificationUrlComplete));
				}
			},
		});
	}
	return signInWithBrowser({
		...base,
		listens: true,
		timeoutMs: flags.number("timeout") ?? usualTimeoutMs,
		askForCode: input.isTerminal ? (stop) => askLine("If the browser shows a code to type instead, type it here: ", stop) : null,
		show({ url, confirmCode }) {
			output.note(`Approve this computer in the browser, if it shows this code:\n\n    ${confirmCode}\n\n${url}`);
			if (flags.isSet("browser")) {
				void openBrowser(url).then((isOpen) => {
					if (!isOpen) {
						output.note("The browser could not be opened. Open the address yourself, or use: opta account login --device");
					}
				});
			}
		},
	});
}

async function bringKeys({ context, flags }: CommandCall, account: Account, userId: string): Promise<boolean> {
	const { output } = context;
	try {
		const pulled = await pullSecrets(context, account, userId, false);
		if (pulled.ok) {
			if (!flags.isSet("json")) {
				printChanges(output, pulled.value);
			}
			return true;
		}
		output.note(`Keys of the vault were not brought: ${pulled.error.message}`);
	} catch (error) {
		if (!(error instanceof CommandFailure)) {
			throw error;
		}
		output.note(`Keys of the vault were not brought: ${error.message}`);
	}
	return false;
}

/** Signs this computer in, and has the daemon bring the vault's keys. That those cannot be had is no failure of the sign-in. */
export const runLogin: CommandRun = async (call) => {
	const { context, flags } = call;
	const { output, signal } = context;
	const account = await openAccount(context);
	const credential = await orSignInFailure(() => signIn(call, account)).catch((error: unknown) => {
		if (signal.aborted) {
			throw new CommandFailure("interrupted", "The sign-in was stopped.", { cause: error });
		}
		throw error;
	});
	await account.store.exclusively(() => account.store.write(credential));
	const who = await orSignInFailure(() => account.session.whoAmI());
	const vaultPulled = flags.isSet("vault") ? await bringKeys(call, account, credential.userId) : false;
	if (flags.isSet("json")) {
		const user = who.ok ? who.value.user : { id: credential.userId };
		output.json({ signedIn: true, user, deviceId: credential.deviceId, place: account.store.place, vaultPulled });
	} else {
		output.line(`Signed in${who.ok ? ` as ${who.value.user.name} (${who.value.user.email})` : ""}. Kept in ${account.store.place}.`);
	}
	return "ok";
};
