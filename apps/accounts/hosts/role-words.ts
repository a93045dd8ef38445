import type { HostRole } from "@opta/contracts/roles";

/** What each role lets somebody do, in words. */
export const roleMeanings: Readonly<Record<HostRole, string>> = {
	viewer: "sees models and load",
	user: "chats with its models",
	operator: "loads and unloads models",
	owner: "everything, members included",
};
