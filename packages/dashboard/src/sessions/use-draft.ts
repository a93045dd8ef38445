"use client";

import { type RefObject, useEffect } from "react";

function withStorage<T>(use: (storage: Storage) => T): T | null {
	try {
		return use(window.sessionStorage);
	} catch {
		// A browser that keeps nothing loses an unsent text with its page.
		return null;
	}
}

/** Keeps what stands unsent in a field while its page is away: a phone throws pages out when it needs the memory. */
export function useDraft(field: RefObject<HTMLTextAreaElement | null>, key: string): void {
	useEffect(() => {
		const area = field.current;
		if (area === null) {
			return;
		}
		const name = `opta-draft:${key}`;
		if (area.value === "") {
			area.value = withStorage((storage) => storage.getItem(name)) ?? "";
		}
		const keep = (): void => {
			withStorage((storage) => (area.value === "" ? storage.removeItem(name) : storage.setItem(name, area.value)));
		};
		window.addEventListener("pagehide", keep);
		return () => {
			window.removeEventListener("pagehide", keep);
			keep();
		};
	}, [field, key]);
}
