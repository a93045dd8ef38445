import { type CheckOutcome, fine, limited, skipped } from "@opta/contracts/doctor-check";
import { isOverlayAddress } from "@opta/contracts/overlay-address";
import { isLoopbackName } from "../admission/loopback-name.ts";

/** Whether the public address is of a kind that is supported: the tunnel's own, over TLS. */
export function judgeAddress(publicUrl: string | null): CheckOutcome {
	if (publicUrl === null) {
		return skipped("This host has no public address.");
	}
	const { hostname, protocol } = new URL(publicUrl);
	if (isOverlayAddress(hostname)) {
		return limited(
			`${hostname} is an address of an overlay network (Tailscale), which Opta does not use.`,
			"Register the address of the Cloudflare tunnel: restart the host with --tunnel.",
		);
	}
	return protocol === "https:" || isLoopbackName(hostname)
		? fine(`${hostname} is an address of a supported kind.`)
		: limited(`${publicUrl} is not over TLS.`, "Use the https address of the tunnel.");
}
