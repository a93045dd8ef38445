import { useSyncExternalStore } from "react";

function listen(notify: () => void): () => void {
	window.addEventListener("online", notify);
	window.addEventListener("offline", notify);
	return () => {
		window.removeEventListener("online", notify);
		window.removeEventListener("offline", notify);
	};
}

/** False while the browser says that it has no network. */
export function useOnline(): boolean {
	return useSyncExternalStore(
		listen,
		() => navigator.onLine,
		() => true,
	);
}
