import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { ownFolderRules } from "../files/own-folder-rules.ts";
import { originRules } from "../web/origin-rules.ts";

/**
 * A configuration for a workspace whose rules are whole: origins first, so that rules which people wrote win over them, and what
 * keeps an agent out of Opta's own folder last, so that nothing does. `home` is a real path.
 */
export function withToolRules<Config extends Pick<OptaConfig, "permissions" | "tools">>(
	config: Config,
	home: string,
	workspace: string,
): Config {
	const rules = [...originRules(config.tools), ...config.permissions.rules, ...ownFolderRules(home, workspace)];
	return { ...config, permissions: { ...config.permissions, rules } };
}
