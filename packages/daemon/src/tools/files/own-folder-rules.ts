import type { PermissionRule } from "@opta/contracts/schema/daemon-permission";
import { isInside, shownPath } from "./workspace-path.ts";

/** What of Opta's folder people may let an agent read and change: the rest is settings, tokens, secrets and the daemon's own records. */
const forPeople = ["commands/**", "memory/**", "AGENTS.md"];

function literally(path: string): string {
	return path.replaceAll("\\", "/").replaceAll(/[*?[\]{}()!+@|]/g, "\\$&");
}

/**
 * Rules that keep an agent out of Opta's own folder in every mode: whoever writes there gives itself permissions. They come after all
 * others. `home` is a real path.
 */
export function ownFolderRules(home: string, workspace: string): PermissionRule[] {
	const at = literally(isInside(workspace, home) ? shownPath(workspace, home) : home);
	return [
		...(at === "." ? [] : [{ tool: "*", pattern: at, action: "deny" as const }]),
		{ tool: "*", pattern: `${at}/**`, action: "deny" },
		...forPeople.map((part) => ({ tool: "*", pattern: `${at}/${part}`, action: "ask" as const })),
	];
}
