/** Life of a pass in seconds; hosts refuse anything longer. */
export const passLifetimeSeconds = 60;

/** The only signature algorithm of passes. */
export const passAlgorithm = "ES256";

/** Audience of a pass for a host. */
export function hostAudience(hostId: string): string {
	return `host:${hostId}`;
}
