"use client";

import { Button, type ButtonVariant } from "@opta/ui/button.tsx";
import { type MouseEvent, useEffect, useState } from "react";

interface SubmitButtonProps {
	readonly label: string;
	/** Shown while the form is on its way. */
	readonly pendingLabel: string;
	readonly variant?: ButtonVariant;
	readonly className?: string;
	/** Sent with the form when this button sends it. */
	readonly name?: string;
	readonly value?: string;
}

/**
 * The button of a form that is sent as a page load: it says that the form is on its way, and does not
 * send it twice. (Enter in a field clicks it too.) Coming back to the page makes it ready again.
 */
export function SubmitButton({ label, pendingLabel, variant = "primary", className, name, value }: SubmitButtonProps) {
	const [pending, setPending] = useState(false);

	useEffect(() => {
		const onReturn = () => setPending(false);
		window.addEventListener("pageshow", onReturn);
		return () => window.removeEventListener("pageshow", onReturn);
	}, []);

	const onClick = (event: MouseEvent<HTMLButtonElement>) => {
		if (pending) {
			event.preventDefault();
		} else if (event.currentTarget.form?.checkValidity()) {
			setPending(true);
		}
	};

	return (
		<Button
			type="submit"
			name={name}
			value={value}
			variant={variant}
			aria-disabled={pending || undefined}
			className={className ?? ""}
			onClick={onClick}
		>
			{pending ? pendingLabel : label}
		</Button>
	);
}
