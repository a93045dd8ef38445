import path from "node:path";
import type { LiveSettings } from "../../config/live-settings.ts";
import type { LmxSettings } from "../../config/resolve-settings.ts";
import type { AdvertFacts } from "../../mdns/advertise.ts";
import { readOrMakeAdminKey } from "./admin-key-file.ts";
import type { AccessRules } from "./guard-access.ts";
import { hashKey, KeyRing } from "./key-ring.ts";
import { isLoopbackBind } from "./peer.ts";

/** Who may do what on this server, and what people should know about it. */
export interface Access {
	/** As the configuration says now. */
	rules(): AccessRules;
	/** What is open that many would not expect, in sentences. */
	warnings(): readonly string[];
	/** What clients need; told to the network. */
	needs(): AdvertFacts;
	/** Made at this start: the one time to show it. Null otherwise. */
	readonly newAdminKey: string | null;
	readonly adminKeyFile: string;
}

function rulesOf({ apiKeys, needsAdminKey, allowedHosts, corsOrigins }: LmxSettings, adminHash: Buffer | null): AccessRules {
	const clients = apiKeys.map((each) => ({
		name: each.name,
		sha256: "key" in each ? hashKey(each.key) : Buffer.from(each.sha256, "hex"),
	}));
	return { keys: new KeyRing(adminHash, clients), isAdminOpen: !needsAdminKey, allowedHosts, corsOrigins };
}

/** Reads who may do what. A server that other machines reach has an admin key, made at its first start. Rejects with a sentence for people. */
export async function openAccess(settings: LiveSettings): Promise<Access> {
	const { host, stateDir } = settings.current;
	const isLan = !isLoopbackBind(host);
	const adminKeyFile = path.join(stateDir, "admin-key");
	const admin = isLan ? await readOrMakeAdminKey(adminKeyFile) : null;
	const adminHash = admin === null ? null : hashKey(admin.key);
	let rules = rulesOf(settings.current, adminHash);
	settings.onChange((changed) => {
		rules = rulesOf(changed, adminHash);
	});
	return {
		rules: () => rules,
		warnings: () =>
			isLan && rules.isAdminOpen
				? ["The admin API is open to every machine of the network: adminAuth is off. Set it to on, and use the admin key."]
				: [],
		needs: () => ({ needsKey: rules.keys.hasClientKeys, needsAdminKey: !rules.isAdminOpen }),
		newAdminKey: admin?.isNew === true ? admin.key : null,
		adminKeyFile,
	};
}
