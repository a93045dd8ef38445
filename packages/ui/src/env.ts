import type { AddressingVariables } from "@opta/contracts/addressing";

/** The variables that say where the sites are. Each name is written out, so that a build can put its value in place. */
export function addressingVariables(): AddressingVariables {
	return {
		OPTA_BASE_DOMAIN: process.env.OPTA_BASE_DOMAIN,
		OPTA_SCHEME: process.env.OPTA_SCHEME,
		OPTA_PORT_BASE: process.env.OPTA_PORT_BASE,
	};
}

/** True under `next dev`, whose scripts need `eval` and a WebSocket. */
export function isDevelopment(): boolean {
	return process.env.NODE_ENV === "development";
}
