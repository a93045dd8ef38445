/** How a host is reached from the sites: through a tunnel, at an address of this machine or network, or not at all. */
export type AddressKind = "tunnel" | "local" | "none";

/** Kind of the address of a host's door: tunnels speak https, what is local does not. */
export function addressKind(doorUrl: string | null): AddressKind {
	if (doorUrl === null || !URL.canParse(doorUrl)) {
		return "none";
	}
	return new URL(doorUrl).protocol === "https:" ? "tunnel" : "local";
}

/** The kinds in words. */
export const addressWords: Readonly<Record<AddressKind, string>> = {
	tunnel: "through a tunnel",
	local: "on this network only",
	none: "no address",
};
