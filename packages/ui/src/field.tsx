import { type InputHTMLAttributes, useId } from "react";

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "id"> {
	readonly label: string;
	readonly name: string;
	/** What is wrong with the value, and what would be right. */
	readonly error?: string | undefined;
	readonly hint?: string;
}

/** A labelled input; its hint and its error are read out with it. */
export function Field({ label, error, hint, className = "", ...input }: FieldProps) {
	const id = useId();
	const described = [hint === undefined ? "" : `${id}-hint`, error === undefined ? "" : `${id}-error`].filter(Boolean).join(" ");
	return (
		<div className={className}>
			<label htmlFor={id} className="block text-sm font-medium">
				{label}
			</label>
			{hint === undefined ? null : (
				<p id={`${id}-hint`} className="mt-0.5 text-sm text-muted">
					{hint}
				</p>
			)}
			<input
				{...input}
				id={id}
				aria-invalid={error === undefined ? undefined : true}
				aria-describedby={described === "" ? undefined : described}
				className="mt-2 block h-11 w-full rounded-md border border-edge bg-surface px-3 text-ink placeholder:text-muted aria-invalid:border-bad disabled:cursor-not-allowed disabled:bg-raised disabled:text-muted"
			/>
			{error === undefined ? null : (
				<p id={`${id}-error`} className="mt-2 flex gap-2 text-sm text-bad">
					<svg viewBox="0 0 16 16" className="mt-1 size-3.5 shrink-0 fill-none stroke-current" strokeWidth="1.5" aria-hidden="true">
						<path d="M8 1.8 14.8 14H1.2ZM8 6.2v3.6M8 11.4v1" />
					</svg>
					{error}
				</p>
			)}
		</div>
	);
}
