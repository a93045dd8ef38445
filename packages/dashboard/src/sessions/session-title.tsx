"use client";

import { Button } from "@opta/ui/button.tsx";
import { type SubmitEvent, useState } from "react";

interface SessionTitleProps {
	readonly title: string;
	/** Gives the session another name; null where that is not allowed. Resolves to true once it has it. */
	readonly rename: ((title: string) => Promise<boolean>) | null;
}

/** The page's heading, which can be written over. */
export function SessionTitle({ title, rename }: SessionTitleProps) {
	const [isEditing, setEditing] = useState(false);
	const shown = title === "" ? "Untitled session" : title;

	async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
		event.preventDefault();
		const text = new FormData(event.currentTarget).get("title");
		const wanted = typeof text === "string" ? text.trim() : "";
		if (wanted === "" || wanted === title || (await rename?.(wanted))) {
			setEditing(false);
		}
	}

	if (isEditing && rename !== null) {
		return (
			<form onSubmit={submit} className="flex min-w-0 flex-1 gap-2">
				<h1 className="sr-only">{shown}</h1>
				<input
					name="title"
					aria-label="Title of the session"
					defaultValue={title}
					maxLength={200}
					// biome-ignore lint/a11y/noAutofocus: the reader has just asked to write here
					autoFocus
					onKeyDown={(event) => event.key === "Escape" && setEditing(false)}
					className="h-10 min-w-0 flex-1 rounded-md border border-edge bg-surface px-3"
				/>
				<Button type="submit" variant="secondary">
					Save
				</Button>
			</form>
		);
	}
	return (
		<div className="flex min-w-0 flex-1 items-center gap-1">
			<h1 className="min-w-0 truncate text-lg font-semibold tracking-tight" title={shown}>
				{shown}
			</h1>
			{rename === null ? null : (
				<Button variant="quiet" className="min-h-8 px-2 py-0 text-xs" onClick={() => setEditing(true)}>
					Rename
				</Button>
			)}
		</div>
	);
}
