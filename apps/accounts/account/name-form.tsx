import { Field } from "@opta/ui/field.tsx";
import { longestNameCharacters } from "../forms/name-rules.ts";
import { SubmitButton } from "../forms/submit-button.tsx";

/** The form for the display name. */
export function NameForm({ name, error }: { readonly name: string; readonly error?: string | undefined }) {
	return (
		<form method="post" action="/api/profile" className="flex flex-wrap items-end gap-3">
			<Field
				label="Name"
				name="name"
				autoComplete="name"
				required
				maxLength={longestNameCharacters}
				defaultValue={name}
				error={error}
				className="min-w-56 flex-1"
			/>
			<SubmitButton label="Save name" pendingLabel="Saving …" variant="secondary" className="h-11" />
		</form>
	);
}
