import { isLoopbackName } from "../admission/loopback-name.ts";

/** What the way from the internet is started with. */
export interface TunnelSettings {
	readonly tunnel: WantedTunnel;
	/** Cloudflare Access in front of the tunnel: its application and the origin of its team; null without it. */
	readonly access: AccessSettings | null;
}

/** No tunnel, one under a name that Cloudflare makes up, or an account's own under the origin `publicUrl`. */
export type WantedTunnel = { readonly mode: "off" | "quick" } | { readonly mode: "named"; readonly publicUrl: string };

/** Whose tokens Cloudflare Access puts on every request. */
export interface AccessSettings {
	/** The application's audience tag. */
	readonly audience: string;
	/** `https://<team>.cloudflareaccess.com`. */
	readonly teamOrigin: string;
}

/** Each setting's flag and variable; flags come first. */
export const tunnelVariables = {
	tunnel: "OPTA_DOOR_TUNNEL",
	"tunnel-url": "OPTA_DOOR_TUNNEL_URL",
	"access-audience": "OPTA_DOOR_ACCESS_AUDIENCE",
	"access-team": "OPTA_DOOR_ACCESS_TEAM",
} as const;

/** Name of one of these flags. */
export type TunnelFlag = keyof typeof tunnelVariables;

const modes = ["off", "quick", "named"] as const;
const audienceTag = /^[\da-f]{64}$/;
const teamName = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;

/** A setting that cannot be meant; the message is for a person. */
export class TunnelSettingError extends Error {}

function parsePublicUrl(text: string): string {
	const url = URL.parse(text);
	const isOpen = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopbackName(url.hostname));
	if (url === null || !isOpen || url.href !== `${url.origin}/`) {
		throw new TunnelSettingError(
			`--tunnel-url is "${text}"; it must be the public address of the tunnel alone, such as https://mono512.example.com.`,
		);
	}
	return url.origin;
}

function parseAccess(audience: string | undefined, team: string | undefined): AccessSettings | null {
	if (audience === undefined && team === undefined) {
		return null;
	}
	if (audience === undefined || team === undefined) {
		throw new TunnelSettingError(
			"--access-audience and --access-team belong together: the audience tag and the team of Cloudflare Access.",
		);
	}
	if (!audienceTag.test(audience)) {
		throw new TunnelSettingError(
			`--access-audience is "${audience}"; it must be the audience tag of the application, 64 digits and letters a to f.`,
		);
	}
	const name = team.replace(/\.cloudflareaccess\.com$/, "");
	if (!teamName.test(name)) {
		throw new TunnelSettingError(`--access-team is "${team}"; it must be the name of the team, as in <name>.cloudflareaccess.com.`);
	}
	return { audience, teamOrigin: `https://${name}.cloudflareaccess.com` };
}

/**
 * Reads the settings of the tunnel.
 * @param read answers what a flag or its variable says
 * @throws {TunnelSettingError} where one of them cannot be meant
 */
export function parseTunnelSettings(read: (flag: TunnelFlag) => string | undefined): TunnelSettings {
	const asked = read("tunnel") ?? "off";
	const mode = modes.find((known) => known === asked);
	if (mode === undefined) {
		throw new TunnelSettingError(`--tunnel is "${asked}"; there are: ${modes.join(", ")}.`);
	}
	const url = read("tunnel-url");
	const access = parseAccess(read("access-audience"), read("access-team"));
	if (mode === "named") {
		if (url === undefined) {
			throw new TunnelSettingError("--tunnel named needs --tunnel-url: the public address that the tunnel has at Cloudflare.");
		}
		return { tunnel: { mode, publicUrl: parsePublicUrl(url) }, access };
	}
	if (url !== undefined) {
		throw new TunnelSettingError(`--tunnel-url belongs to --tunnel named; with --tunnel ${mode} leave it out.`);
	}
	return { tunnel: { mode }, access };
}
