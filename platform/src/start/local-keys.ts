import type { HostIdentity } from "@opta/contracts/schema/host";
import { localAddressing, siteOrigin } from "@opta/contracts/site-url";
import { storeHostIdentity } from "@opta/reach/identity/store-host-identity";
import { localHostKey } from "@opta/supabase/local-host-key";
import { ensureLocalSecrets } from "@opta/supabase/local-secrets";
import { localPortalKey } from "@opta/supabase/portal-key";

/** The secrets that the sites of one machine's platform share, as texts for their environment. */
export interface LocalKeys {
	readonly jwtSecret: string;
	readonly publishableKey: string;
	/** Private P-256 key of accounts as JWK, in JSON. */
	readonly passSigningKey: string;
	/** Opens the database functions that only accounts may call. */
	readonly portalKey: string;
}

/** Makes the secrets of a state folder once, and pins accounts' public key in `host.json` for the door. */
export async function prepareLocalKeys(home: string, portBase: number): Promise<LocalKeys> {
	const secrets = await ensureLocalSecrets(home);
	const { kty, crv, x, y, kid } = secrets.passSigningKey;
	const identity: HostIdentity = {
		hostId: secrets.hostId,
		name: "This computer",
		issuer: siteOrigin({ ...localAddressing, portBase }, "accounts"),
		key: localHostKey(secrets.secretKey),
		jwks: { keys: [{ kty, crv, x, y, kid }] },
	};
	await storeHostIdentity(home, identity);
	return {
		jwtSecret: secrets.jwtSecret,
		publishableKey: secrets.publishableKey,
		passSigningKey: JSON.stringify(secrets.passSigningKey),
		portalKey: localPortalKey(secrets.secretKey),
	};
}
