/** A web page is asked for at an address of this computer or its network, which pages of the web must not make a model read. */
export class PrivateAddressError extends Error {
	override readonly name = "PrivateAddressError";

	constructor(origin: string) {
		super(
			`${origin} is on this computer or its own network, which is not fetched from unless it is allowed. The user can allow it: opta config set tools.allowedOrigins '["${origin}"]'.`,
		);
	}
}
