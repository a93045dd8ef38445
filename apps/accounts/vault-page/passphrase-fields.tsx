import { Field } from "@opta/ui/field.tsx";

/** Below this a passphrase can be guessed, whatever it is stretched with. */
const leastCharacters = 12;

/** What is wrong with a new passphrase, or null. */
export function passphraseProblem(passphrase: string, repeated: string): string | null {
	if ([...passphrase].length < leastCharacters) {
		return `Take at least ${leastCharacters} characters: four or five words that do not belong together are good.`;
	}
	if (new Set(passphrase).size < 5) {
		return "Take more than a few different characters.";
	}
	return passphrase.normalize("NFKC") === repeated.normalize("NFKC") ? null : "The two passphrases differ; type both again.";
}

/** A new passphrase, twice. */
export function NewPassphraseFields({ problem, label = "Passphrase" }: { readonly problem: string | null; readonly label?: string }) {
	return (
		<>
			<Field
				label={label}
				name="passphrase"
				type="password"
				autoComplete="new-password"
				required
				hint="Not the password that you sign in with: the server sees that one."
				error={problem ?? undefined}
			/>
			<Field label={`${label}, again`} name="repeated" type="password" autoComplete="new-password" required />
		</>
	);
}

/** Reads both fields of a form. */
export function readNewPassphrase(form: FormData): { readonly passphrase: string; readonly problem: string | null } {
	const passphrase = String(form.get("passphrase") ?? "");
	return { passphrase, problem: passphraseProblem(passphrase, String(form.get("repeated") ?? "")) };
}
