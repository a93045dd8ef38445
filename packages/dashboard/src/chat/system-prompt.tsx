import { Button } from "@opta/ui/button.tsx";
import { useId } from "react";

interface SystemPromptProps {
	/** The reader's own; null while the model's default is in force. */
	readonly own: string | null;
	readonly modelDefault: string | null;
	readonly change: (systemPrompt: string | null) => void;
}

/** Shows the system prompt that the next question goes out with, and lets the reader write another. */
export function SystemPrompt({ own, modelDefault, change }: SystemPromptProps) {
	const id = useId();
	const inForce = own === null ? (modelDefault === null ? "none" : "the model's default") : "your own";
	return (
		<details className="group border-b border-line text-sm">
			<summary className="-mx-1 flex min-h-9 list-none items-center gap-2 px-1 text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
				<svg viewBox="0 0 8 8" className="size-2 fill-none stroke-current group-open:rotate-90" strokeWidth="1.25" aria-hidden="true">
					<path d="m2.5 1 3 3-3 3" />
				</svg>
				System prompt: {inForce}
			</summary>
			<div className="pb-4">
				<label htmlFor={id} className="sr-only">
					System prompt
				</label>
				<textarea
					id={id}
					rows={2}
					value={own ?? modelDefault ?? ""}
					onChange={(event) => change(event.target.value)}
					aria-describedby={`${id}-hint`}
					className="field-sizing-content max-h-60 min-h-16 w-full rounded-md border border-edge bg-surface px-3 py-2"
				/>
				<div className="mt-1 flex flex-wrap items-center justify-between gap-2">
					<p id={`${id}-hint`} className="text-muted">
						Sent ahead of every question. Small models depend on it a great deal.
					</p>
					{own === null ? null : (
						<Button variant="quiet" onClick={() => change(null)} className="min-h-8 px-2 py-0 text-xs">
							Use the model's default
						</Button>
					)}
				</div>
			</div>
		</details>
	);
}
