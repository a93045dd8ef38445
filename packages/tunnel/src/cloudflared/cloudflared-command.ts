import { devNull } from "node:os";

/** A quick tunnel under a name that Cloudflare makes up, or the tunnel of an account under a name of its own. */
export type TunnelKind =
	| { readonly kind: "quick" }
	| {
			readonly kind: "named";
			/** Origin under which the tunnel is reached. */
			readonly publicUrl: string;
			/** Given to cloudflared by its environment only. */
			readonly token: string;
	  };

/** How cloudflared is started. */
export interface CloudflaredCommand {
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
}

/** What it needs of this process's environment: nothing that begins with `TUNNEL_`, which would change what it does. */
const passedOn = /^(?:PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|SSL_CERT_FILE|SSL_CERT_DIR|https?_proxy|no_proxy)$/i;

/**
 * The command line of cloudflared. A configuration file of the user is left out: it would point the tunnel elsewhere, and
 * with one there is no quick tunnel.
 */
export function cloudflaredCommand(
	tunnel: TunnelKind,
	{ doorPort, metricsPort }: { readonly doorPort: number; readonly metricsPort: number },
	environment: Readonly<Record<string, string | undefined>>,
): CloudflaredCommand {
	const own = ["--no-autoupdate", "--config", devNull, "--url", `http://127.0.0.1:${doorPort}`, "--metrics", `127.0.0.1:${metricsPort}`];
	const env: Record<string, string> = {};
	for (const [name, value] of Object.entries(environment)) {
		if (value !== undefined && passedOn.test(name)) {
			env[name] = value;
		}
	}
	return tunnel.kind === "quick"
		? { args: ["tunnel", ...own], env }
		: { args: ["tunnel", ...own, "run"], env: { ...env, TUNNEL_TOKEN: tunnel.token } };
}
