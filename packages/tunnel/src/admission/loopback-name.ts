const loopbackName = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/;

/** True for the names and addresses of this machine's loopback, as an address writes them or as a URL does. */
export function isLoopbackName(name: string): boolean {
	return loopbackName.test(name);
}
