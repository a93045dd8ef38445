/** Which host this computer joins, and as whom. */
export interface ReachTarget {
	readonly hostId: string;
	/** `accounts.origin`; also who issues passes. */
	readonly accountsOrigin: string;
	readonly userId: string;
	readonly deviceId: string;
}
