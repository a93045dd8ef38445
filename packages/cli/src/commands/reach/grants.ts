import { type RemoteGrant, remoteGrants } from "@opta/contracts/reach";
import { CommandFailure } from "../../program/command-failure.ts";

/** What each grant means, as a question to the owner of the computer. */
export const grantQuestions: Readonly<Record<RemoteGrant, string>> = {
	see: "See sessions from elsewhere: what you and the agent wrote, what tools print, what they change in files?",
	approve: "Answer approvals from elsewhere and cancel turns: a tool that waits for your yes then runs on this computer?",
	turns: "Start turns from elsewhere, and begin, change and rewind sessions: the agent then works on this computer for you?",
};

function isGrant(text: string): text is RemoteGrant {
	return remoteGrants.some((grant) => grant === text);
}

/**
 * Reads grants as people write them, in their own order.
 * @throws {CommandFailure} `usage`
 */
export function parseGrants(text: string): readonly RemoteGrant[] {
	const named = text
		.split(/[\s,]+/)
		.map((part) => part.toLowerCase())
		.filter((part) => part !== "");
	const wrong = named.find((part) => !isGrant(part));
	if (wrong !== undefined || named.length === 0) {
		const what = wrong === undefined ? "Nothing was named." : `"${wrong}" cannot be allowed.`;
		throw new CommandFailure("usage", `${what} Write some of ${remoteGrants.join(",")}; to allow nothing: opta reach off`);
	}
	return remoteGrants.filter((grant) => named.includes(grant));
}
