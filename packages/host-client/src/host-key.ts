/** The key that requests carry to a host, as `Authorization: Bearer` (RFC 6750). */
export interface HostKey {
	/** Null while there is none. Visible ASCII characters only: a header holds no others. */
	current(): string | null;
	/** The host answered a request that carried this key with 401. It should not be sent again: hosts block who sends many wrong ones. */
	refused(key: string): void;
}
