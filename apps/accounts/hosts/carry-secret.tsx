"use client";

import { useEffect, useRef } from "react";

/**
 * Takes the secret of an invitation out of the address, where it stands behind the `#` so that no server and no log is sent
 * it, and posts it.
 */
export function CarrySecret() {
	const form = useRef<HTMLFormElement>(null);
	const field = useRef<HTMLInputElement>(null);

	useEffect(() => {
		const secret = window.location.hash.slice(1);
		if (secret === "" || form.current === null || field.current === null) {
			return;
		}
		field.current.value = secret;
		window.history.replaceState(null, "", window.location.pathname);
		form.current.requestSubmit();
	}, []);

	return (
		<form ref={form} method="post" action="/api/hosts/join" hidden>
			<input ref={field} type="hidden" name="secret" />
		</form>
	);
}
