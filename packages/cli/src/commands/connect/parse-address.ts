import { defaultPorts } from "@opta/contracts/ports";
import type { LmxPlace } from "@opta/daemon/discovery/find-lmx";
import { CommandFailure } from "../../program/command-failure.ts";

/**
 * Reads an address as people write it.
 * @throws {CommandFailure} `usage`
 */
export function parseAddress(text: string): Pick<LmxPlace, "host" | "port"> {
	const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`);
	if (
		url === null ||
		url.hostname === "" ||
		url.protocol !== "http:" ||
		url.username !== "" ||
		(url.pathname !== "/" && url.pathname !== "/v1")
	) {
		throw new CommandFailure("usage", `"${text}" is no address of a host. Write mono512.local, 192.0.2.7:1234 or http://host:1234.`);
	}
	return {
		host: url.hostname.replace(/^\[|\]$/g, ""),
		port: url.port === "" ? (/^http:\/\//i.test(text) ? 80 : defaultPorts.lmx) : Number(url.port),
	};
}
