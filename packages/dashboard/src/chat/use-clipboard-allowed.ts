"use client";

import { useSyncExternalStore } from "react";

function neverChanges(): () => void {
	return () => undefined;
}

/** True where the page may write to the clipboard: browsers allow that on https and on this computer only. */
export function useClipboardAllowed(): boolean {
	return useSyncExternalStore(
		neverChanges,
		() => window.isSecureContext && navigator.clipboard !== undefined,
		() => false,
	);
}
