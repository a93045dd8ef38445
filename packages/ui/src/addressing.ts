import { parseAddressing } from "@opta/contracts/addressing";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { addressingVariables } from "./env.ts";

/**
 * Where the sites are, as this server's environment says.
 * @throws {RangeError} when a variable cannot be meant; the configuration factory refuses to start with such a value.
 */
export function siteAddressing(): SiteAddressing {
	return parseAddressing(addressingVariables());
}
