import { type RemoteGrant, remoteGrants } from "@opta/contracts/reach";

/** The command that allows one thing more on a device, with what is allowed there already. */
export function grantCommand(allowed: readonly RemoteGrant[], missing: RemoteGrant): string {
	return `opta reach allow ${remoteGrants.filter((grant) => grant === missing || allowed.includes(grant)).join(",")}`;
}
