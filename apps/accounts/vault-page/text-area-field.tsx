import { type TextareaHTMLAttributes, useId } from "react";

interface TextAreaFieldProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "id"> {
	readonly label: string;
	readonly name: string;
}

/** A labelled field for more than one line. */
export function TextAreaField({ label, className = "", ...area }: TextAreaFieldProps) {
	const id = useId();
	return (
		<div>
			<label htmlFor={id} className="block text-sm font-medium">
				{label}
			</label>
			<textarea
				{...area}
				id={id}
				className={`mt-2 block w-full rounded-md border border-edge bg-surface px-3 py-2 text-ink placeholder:text-muted ${className}`}
			/>
		</div>
	);
}
