"use client";

import { useEffect } from "react";

const idleMs = 300_000;
const hiddenMs = 120_000;
const signs = ["pointerdown", "keydown", "scroll", "touchstart"] as const;

/** Calls `lock` after five minutes without a sign of the reader, or two minutes in the background. */
export function useIdleLock(isOpen: boolean, lock: (why: string) => void): void {
	useEffect(() => {
		if (!isOpen) {
			return;
		}
		let idleTimer = 0;
		let hiddenTimer = 0;
		let lastSignMs = Date.now();
		const restart = (): void => {
			lastSignMs = Date.now();
			clearTimeout(idleTimer);
			idleTimer = window.setTimeout(() => lock("Nothing was done for five minutes."), idleMs);
		};
		const onVisibility = (): void => {
			clearTimeout(hiddenTimer);
			if (document.hidden) {
				hiddenTimer = window.setTimeout(() => lock("The page was in the background for two minutes."), hiddenMs);
			} else if (Date.now() - lastSignMs > idleMs) {
				// Timers stand still while the machine sleeps.
				lock("Nothing was done for five minutes.");
			}
		};
		restart();
		for (const sign of signs) {
			addEventListener(sign, restart, { passive: true });
		}
		document.addEventListener("visibilitychange", onVisibility);
		return () => {
			clearTimeout(idleTimer);
			clearTimeout(hiddenTimer);
			for (const sign of signs) {
				removeEventListener(sign, restart);
			}
			document.removeEventListener("visibilitychange", onVisibility);
		};
	}, [isOpen, lock]);
}
