import { Field } from "@opta/ui/field.tsx";

interface PresentPasswordFieldProps {
	readonly label?: string;
	/** What was wrong with it last time. */
	readonly error?: string | undefined;
}

/** Asks for the password that proves its person, as `reauthenticate` reads it. */
export function PresentPasswordField({ label = "Your password", error }: PresentPasswordFieldProps) {
	return (
		<Field
			label={label}
			name="password"
			type="password"
			autoComplete="current-password"
			hint="Not needed during the first ten minutes after a sign-in."
			error={error}
		/>
	);
}
