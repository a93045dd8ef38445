const quickName = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.trycloudflare\.com$/;
/** Cloudflare's own name in that zone; cloudflared names it where it could not get a tunnel. */
const serviceName = "api.trycloudflare.com";
const inBox = /\|\s+https:\/\/(\S+)\s+\|/;

/** True for a name that Cloudflare makes up for a quick tunnel, and for nothing else. */
export function isQuickTunnelName(name: string): boolean {
	return quickName.test(name) && name !== serviceName;
}

/** The name in the box that cloudflared draws around it; null in every other line. */
export function quickTunnelNameIn(line: string): string | null {
	const name = inBox.exec(line)?.[1];
	return name !== undefined && isQuickTunnelName(name) ? name : null;
}
