import { openAccount, orSignInFailure } from "../../account/open-account.ts";
import { printChanges, pullSecrets } from "../../account/pull-secrets.ts";
import { unwrapAnswer } from "../../daemon/unwrap-answer.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";

/** Has the daemon bring the vault's keys. */
export const runPullVault: CommandRun = async ({ context, flags }) => {
	const account = await openAccount(context);
	const pulled = await orSignInFailure(async () => {
		const credential = await account.store.read();
		if (credential === null) {
			throw new CommandFailure("failed", "Nobody is signed in on this computer. Sign in: opta account login");
		}
		return pullSecrets(context, account, credential.userId, flags.isSet("dryRun"));
	});
	const result = unwrapAnswer(pulled);
	if (flags.isSet("json")) {
		context.output.json(result);
	} else {
		printChanges(context.output, result);
	}
	return "ok";
};
