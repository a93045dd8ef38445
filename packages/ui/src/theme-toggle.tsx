"use client";

import { type ReactNode, useId, useLayoutEffect, useState } from "react";
import { parseThemePreference, type ThemePreference, themePreferences, themeStorageKey } from "./theme-preference.ts";

const titles: Record<ThemePreference, string> = { system: "System theme", light: "Light theme", dark: "Dark theme" };

const marks: Record<ThemePreference, ReactNode> = {
	system: <path d="M2.5 3.5h11v7h-11zM6 13.5h4M8 10.5v3" />,
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

/** Three radio buttons: system, light, dark. The choice is remembered per site. */
export function ThemeToggle() {
	const group = useId();
	const [preference, setPreference] = useState<ThemePreference>("system");

	useLayoutEffect(() => {
		const stored = storedPreference();
		setPreference(stored);
		applyPreference(stored);
	}, []);

	function choose(next: ThemePreference): void {
		setPreference(next);
		applyPreference(next);
		storePreference(next);
	}

	return (
		<fieldset className="flex shrink-0 rounded-md border border-line print:hidden">
			<legend className="sr-only">Theme</legend>
			{themePreferences.map((value) => (
				<label
					key={value}
					title={titles[value]}
					className="grid size-8 place-items-center text-muted outline-offset-1 hover:text-ink has-checked:bg-raised has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
				>
					<input
						type="radio"
						name={group}
						value={value}
						checked={preference === value}
						onChange={() => choose(value)}
						className="sr-only"
					/>
					<svg viewBox="0 0 16 16" className="size-4 fill-none stroke-current" strokeWidth="1.25" aria-hidden="true">
						{marks[value]}
					</svg>
					<span className="sr-only">{titles[value]}</span>
				</label>
			))}
		</fieldset>
	);
}
