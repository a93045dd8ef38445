import { readFileSync, statSync } from "node:fs";
import path from "node:path";

/** The token of a named tunnel, or one line for a person. */
export type TunnelTokenResult = { readonly ok: true; readonly token: string } | { readonly ok: false; readonly message: string };

const tokenText = /^[\w+/=-]{16,2048}$/;
const othersMayRead = 0o077;

/** Reads the token of a named tunnel: from the environment, else from `tunnel-token` in the state folder, which only its user may read. */
export function readTunnelToken(stateDir: string, fromEnvironment: string | undefined): TunnelTokenResult {
	const file = path.join(stateDir, "tunnel-token");
	const refuse = (message: string): TunnelTokenResult => ({ ok: false, message });
	let found = fromEnvironment;
	let origin = "OPTA_TUNNEL_TOKEN";
	if (found === undefined || found === "") {
		origin = file;
		try {
			if ((statSync(file).mode & othersMayRead) !== 0) {
				return refuse(`${file} can be read by others. Make it yours alone: chmod 600 ${file}`);
			}
			found = readFileSync(file, "utf8");
		} catch (error) {
			const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
			return refuse(
				isMissing
					? `The token of the named tunnel is missing. Put it into ${file} (mode 600), or into OPTA_TUNNEL_TOKEN; Cloudflare shows it where the tunnel is made.`
					: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
			);
		}
	}
	const token = found.trim();
	return tokenText.test(token)
		? { ok: true, token }
		: refuse(`${origin} holds no token of a tunnel. Take the long text after --token from the command that Cloudflare shows.`);
}
