const loopbackName = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * True when the `Host` header names loopback or one of the configured names. A page of a stranger whose name
 * was pointed at this machine (DNS rebinding) sends that name.
 */
export function isAllowedHost(hosts: readonly string[] | undefined, configured: ReadonlySet<string>): boolean {
	const [host, ...more] = hosts ?? [];
	if (host === undefined || more.length > 0) {
		return false;
	}
	const name = /^(\[[\da-f:]+\]|[a-z\d.-]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
	return name !== undefined && (loopbackName.test(name) || configured.has(name));
}
