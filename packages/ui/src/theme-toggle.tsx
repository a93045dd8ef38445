"use client";

import { type ReactNode, useLayoutEffect, useState } from "react";
import { parseThemePreference, type ThemePreference, themePreferences, themeStorageKey } from "./theme-preference.ts";

const titles: Record<ThemePreference, string> = { system: "As the system", light: "Light", dark: "Dark" };

const marks: Record<ThemePreference, ReactNode> = {
	system: <path d="M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2Zm0 0v11.6M8 5h3.8M8 8h5.2M8 11h3.8" />,
	light: (
		<path d="M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1" />
	),
	dark: <path d="M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6Z" />,
};

function storedPreference(): ThemePreference {
	try {
		return parseThemePreference(localStorage.getItem(themeStorageKey));
	} catch {
		return "system";
	}
}

function applyPreference(preference: ThemePreference): void {
	const root = document.documentElement;
	if (preference === "system") {
		delete root.dataset.theme;
	} else {
		root.dataset.theme = preference;
	}
}

function storePreference(preference: ThemePreference): void {
	try {
		localStorage.setItem(themeStorageKey, preference);
	} catch {
		// Storage may be refused; the choice then lasts until the page is left.
		return;
	}
}

/** Chooses between the system's theme, light and dark. The choice is remembered per site. */
export function ThemeToggle() {
	const [preference, setPreference] = useState<ThemePreference>("system");

	useLayoutEffect(() => {
		const stored = storedPreference();
		setPreference(stored);
		applyPreference(stored);
	}, []);

	function choose(value: string): void {
		const next = parseThemePreference(value);
		setPreference(next);
		applyPreference(next);
		storePreference(next);
	}

	return (
		<label
			title={`Theme: ${titles[preference]}`}
			className="relative grid size-8 shrink-0 place-items-center rounded-md border border-line text-muted hover:border-edge hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-3 has-focus-visible:outline-accent print:hidden"
		>
			<span className="sr-only">Theme</span>
			<svg viewBox="0 0 16 16" className="size-4 fill-none stroke-current" strokeWidth="1.25" aria-hidden="true">
				{marks[preference]}
			</svg>
			<select
				value={preference}
				onChange={(event) => choose(event.currentTarget.value)}
				className="absolute inset-0 size-full cursor-pointer appearance-none bg-surface text-ink opacity-0"
			>
				{themePreferences.map((value) => (
					<option key={value} value={value}>
						{titles[value]}
					</option>
				))}
			</select>
		</label>
	);
}
