import type { RemoteGrant } from "@opta/contracts/reach";
import { CopyButton } from "@opta/ui/copy-button.tsx";
import { grantCommand } from "./grant-command.ts";

interface GrantNoticeProps {
	readonly deviceName: string;
	readonly allowed: readonly RemoteGrant[];
	readonly missing: RemoteGrant;
}

const acts: Readonly<Record<RemoteGrant, string>> = {
	see: "look at sessions",
	approve: "answer approvals or cancel turns",
	turns: "start turns or change sessions",
};

/** Says that the owner of a device has not allowed something from elsewhere, and the command that does. */
export function GrantNotice({ deviceName, allowed, missing }: GrantNoticeProps) {
	const command = grantCommand(allowed, missing);
	return (
		<p className="text-sm text-muted">
			{deviceName} does not let you {acts[missing]} from elsewhere. To allow it, run there:{" "}
			<code className="inline-code whitespace-nowrap">{command}</code>
			<CopyButton text={command} label="command" />
		</p>
	);
}
