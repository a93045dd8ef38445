"use client";

import { Button } from "@opta/ui/button.tsx";
import { type KeyboardEvent, type RefObject, useId } from "react";
import { preloadMarkdown } from "./answer-text.tsx";

interface ComposerProps {
	readonly field: RefObject<HTMLTextAreaElement | null>;
	readonly running: boolean;
	/** Why nothing can be asked now; null when it can. */
	readonly blocked: string | null;
	/** Takes the text; false leaves it in the field. */
	readonly ask: (text: string) => boolean;
	readonly stop: () => void;
}

/** Where questions are written: Enter sends, Shift+Enter begins a line. The text stays until it was taken. */
export function Composer({ field, running, blocked, ask, stop }: ComposerProps) {
	const id = useId();

	function submit(): void {
		const area = field.current;
		if (area !== null && blocked === null && ask(area.value)) {
			area.value = "";
		}
		area?.focus();
	}

	function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
		if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
			event.preventDefault();
			submit();
		}
	}

	return (
		<form
			className="mx-auto w-full max-w-3xl pb-4"
			onSubmit={(event) => {
				event.preventDefault();
				submit();
			}}
		>
			<div className="flex items-end gap-2 rounded-lg border border-edge bg-surface p-2 has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-offset-2 has-[textarea:focus-visible]:outline-accent">
				<label htmlFor={`${id}-text`} className="sr-only">
					Message
				</label>
				<textarea
					ref={field}
					id={`${id}-text`}
					rows={1}
					placeholder="Ask something"
					aria-describedby={`${id}-hint`}
					onKeyDown={onKeyDown}
					onFocus={preloadMarkdown}
					className="field-sizing-content max-h-[40dvh] min-h-10 min-w-0 flex-1 resize-none bg-transparent px-2 py-2 leading-6 outline-none placeholder:text-muted"
				/>
				{running ? (
					<Button variant="danger" onClick={() => [stop(), field.current?.focus()]}>
						Stop
					</Button>
				) : (
					<Button type="submit" aria-disabled={blocked !== null}>
						Send
					</Button>
				)}
			</div>
			<p id={`${id}-hint`} className="mt-2 min-h-4 text-xs text-muted">
				{blocked ?? (running ? "Esc stops the answer." : "Enter sends, Shift+Enter begins a new line.")}
			</p>
		</form>
	);
}
