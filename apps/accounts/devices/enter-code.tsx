import { Field } from "@opta/ui/field.tsx";
import { SubmitButton } from "../forms/submit-button.tsx";

/** Where a person types the code that a device or host shows; `action` is the page itself, which then shows what the code stands for. */
export function EnterCode({ action }: { readonly action: string }) {
	return (
		<form method="get" action={action} className="space-y-5">
			<Field
				label="Code"
				name="code"
				hint="Eight letters, such as BCDF-GHJK."
				required
				maxLength={20}
				autoComplete="off"
				autoCapitalize="characters"
				spellCheck={false}
			/>
			<SubmitButton label="Go on" pendingLabel="Looking …" className="w-full" />
		</form>
	);
}
