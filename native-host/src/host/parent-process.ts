import type { ReadyMessage, RoleMessage, TunnelMessage } from "@opta/contracts/schema/process-message";

/** Tells the process that started this one, when it wants to hear (it opened an IPC channel). */
export function tellParent(message: ReadyMessage | RoleMessage | TunnelMessage): void {
	if (process.connected) {
		process.send?.(message, undefined, undefined, () => undefined);
	}
}

/** Aborts at Ctrl-C, SIGTERM, SIGHUP, or when the process that started this one is gone. */
export function stopSignal(): AbortSignal {
	const stopping = new AbortController();
	for (const event of ["SIGINT", "SIGTERM", "SIGHUP", "disconnect"] as const) {
		process.on(event, () => stopping.abort());
	}
	return stopping.signal;
}
