"use client";

import type { CreateTurn } from "@opta/contracts/schema/daemon-session";
import { Button } from "@opta/ui/button.tsx";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { preloadMarkdown } from "../chat/answer-text.tsx";
import { useDraft } from "./use-draft.ts";

interface TurnComposerProps {
	/** Names the session, and who writes: what is unsent is kept under it. */
	readonly draftKey: string;
	readonly running: boolean;
	readonly sending: boolean;
	/** Resolves to true once the turn was taken; its text stays in the field until then. */
	readonly send: (content: string, mode: NonNullable<CreateTurn["mode"]>) => Promise<boolean>;
	/** Stops what runs; null while that is not possible. */
	readonly stop: (() => void) | null;
}

/** Where a turn is written. Enter sends where there is a keyboard; on a touch screen it begins a line. */
export function TurnComposer({ draftKey, running, sending, send, stop }: TurnComposerProps) {
	const id = useId();
	const field = useRef<HTMLTextAreaElement>(null);
	const [joins, setJoins] = useState(false);
	useDraft(field, draftKey);

	async function submit(): Promise<void> {
		const area = field.current;
		const text = area?.value.trim() ?? "";
		if (area !== null && text !== "" && !sending && (await send(text, running && joins ? "steer" : "queue"))) {
			area.value = "";
		}
		area?.focus();
	}

	function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
		const hasKeyboard = window.matchMedia("(pointer: fine)").matches;
		if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing && (hasKeyboard || event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			void submit();
		}
	}

	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				void submit();
			}}
		>
			<div className="flex items-end gap-2 rounded-lg border border-edge bg-surface p-2 has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-offset-2 has-[textarea:focus-visible]:outline-accent">
				<label htmlFor={`${id}-text`} className="sr-only">
					Message to the agent
				</label>
				<textarea
					ref={field}
					id={`${id}-text`}
					rows={1}
					placeholder={running ? "What comes next?" : "What is to be done?"}
					onKeyDown={onKeyDown}
					onFocus={preloadMarkdown}
					className="field-sizing-content max-h-[30dvh] min-h-11 min-w-0 flex-1 resize-none bg-transparent px-2 py-2.5 leading-6 outline-none placeholder:text-muted"
				/>
				<Button type="submit" className="min-h-11" aria-disabled={sending}>
					{sending ? "Sending" : "Send"}
				</Button>
			</div>
			{running ? (
				<div className="mt-2 flex items-center justify-between gap-4">
					<label className="flex min-h-10 items-center gap-2 text-sm text-muted">
						<input type="checkbox" checked={joins} onChange={(event) => setJoins(event.target.checked)} className="size-5 accent-accent" />
						Tell it now, not after this turn
					</label>
					{stop === null ? null : (
						<Button variant="danger" onClick={stop}>
							Stop
						</Button>
					)}
				</div>
			) : null}
		</form>
	);
}
