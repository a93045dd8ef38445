/** An address of this computer that belongs to an overlay network. */
export interface OverlayAddress {
	readonly interfaceName: string;
	readonly address: string;
}

/** Names of Tailscale's interfaces: its own, and those that macOS gives to tunnels. */
const overlayInterface = /^(tailscale|utun)/i;

/**
 * True for addresses and names of overlay networks, which the platform uses nowhere (it is reached on the LAN or by its
 * tunnel): 100.64.0.0/10 (RFC 6598), and Tailscale's fd7a:115c:a1e0::/48 and `.ts.net`.
 */
export function isOverlayAddress(host: string): boolean {
	const name = host
		.toLowerCase()
		.replace(/^\[|\]$/g, "")
		.replace(/^::ffff:/, "");
	const [, first, second] = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(name) ?? [];
	return (
		(first === "100" && Number(second) >= 64 && Number(second) < 128) || name.startsWith("fd7a:115c:a1e0:") || /\.ts\.net\.?$/.test(name)
	);
}

/**
 * The overlay addresses of a computer, from `os.networkInterfaces()`. Providers give out 100.64.0.0/10 too, so that an
 * address of it counts on an interface of an overlay network only.
 */
export function overlayAddresses(
	interfaces: Readonly<Record<string, readonly { readonly address: string }[] | undefined>>,
): OverlayAddress[] {
	return Object.entries(interfaces).flatMap(([interfaceName, addresses = []]) =>
		addresses
			.filter(({ address }) => isOverlayAddress(address) && (address.includes(":") || overlayInterface.test(interfaceName)))
			.map(({ address }) => ({ interfaceName, address })),
	);
}
