import type { NetworkInterfaceInfo } from "node:os";
import { type CheckOutcome, fine, limited, skipped } from "@opta/contracts/doctor-check";
import { isOverlayAddress, overlayAddresses } from "@opta/contracts/overlay-address";
import { isLoopbackBind } from "../server/access/peer.ts";

/** The interfaces of this machine, as `os.networkInterfaces()` has them. */
export type Interfaces = Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, "address" | "internal" | "scopeid">[] | undefined>>;

const everyAddress: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Where other machines find this one: no loopback, and no address of a single link. */
function lanAddresses(interfaces: Interfaces): string[] {
	return Object.values(interfaces).flatMap((all = []) =>
		all.filter(({ address, internal }) => !internal && !/^fe80:|^169\.254\./i.test(address)).map(({ address }) => address),
	);
}

/** Where LMX listens, and whether its addresses are of a kind that is supported. */
export function judgeAddresses(host: string, port: number, interfaces: Interfaces): CheckOutcome {
	const overlay = overlayAddresses(interfaces);
	const unused = "Opta is reached on the local network or by its tunnel; ";
	if (isOverlayAddress(host)) {
		return limited(
			`LMX listens on ${host}, an address of an overlay network (Tailscale). ${unused}it is not supported.`,
			"Set bind to lan or loopback in config.yaml, and restart the host.",
		);
	}
	if (isLoopbackBind(host)) {
		return fine(`LMX listens on ${host}:${port}, for programs of this machine.`);
	}
	const own = everyAddress.has(host)
		? lanAddresses(interfaces).filter((address) => !overlay.some((each) => each.address === address))
		: [host];
	const told = `LMX listens on ${own.map((address) => (address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`)).join(", ") || `port ${port}`}`;
	return overlay.length > 0 && everyAddress.has(host)
		? limited(
				`${told}. This machine also has ${overlay.map(({ address, interfaceName }) => `${address} (${interfaceName})`).join(", ")} of an overlay network. ${unused}such an address is not supported.`,
				"Use one of the other addresses: opta connect --save",
			)
		: fine(`${told}.`);
}

/** What of this server is open, by its warnings; `hasAdminKey`: requests of other machines need one for the admin API. */
export function judgeKeys(host: string, hasAdminKey: boolean, warnings: readonly string[]): CheckOutcome {
	if (isLoopbackBind(host)) {
		return skipped("Only programs of this machine reach LMX; none needs a key.");
	}
	return hasAdminKey
		? fine("Other machines need the admin key for the admin API.")
		: limited(warnings.join(" "), "Set adminAuth to on in config.yaml; the key is in the file admin-key of LMX's state folder.");
}
