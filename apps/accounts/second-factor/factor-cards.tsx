import { Card } from "@opta/ui/card.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import { databaseTime } from "../account/database-time.ts";
import type { FormMessage } from "../forms/form-error.ts";
import { fieldError } from "../forms/form-page.tsx";
import { SubmitButton } from "../forms/submit-button.tsx";
import { PresentPasswordField } from "../security/present-password-field.tsx";
import { When } from "../sessions/when.tsx";
import { AddPasskey } from "./add-passkey.tsx";
import type { Passkey } from "./read-passkeys.ts";
import type { SecondFactors } from "./read-second-factors.ts";

interface FactorCardsProps {
	readonly factors: SecondFactors;
	readonly passkeys: readonly Passkey[];
	readonly message: FormMessage | null;
}

function PasskeyEntry({ passkey }: { readonly passkey: Passkey }) {
	return (
		<li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-3 first:pt-0">
			<div className="min-w-0">
				<p className="font-medium break-words">{passkey.name}</p>
				<p className="mt-1 text-sm text-muted">
					added <When at={databaseTime(passkey.created_at)} />
					{passkey.last_used_at === null ? ", not used yet" : ", last used "}
					{passkey.last_used_at === null ? null : <When at={databaseTime(passkey.last_used_at)} />}
				</p>
			</div>
			<form method="post" action="/api/second-factor/passkey/remove">
				<input type="hidden" name="id" value={passkey.id} />
				<SubmitButton label="Remove" pendingLabel="Removing …" variant="secondary" />
			</form>
		</li>
	);
}

/** Second factors: asked for before anything that changes who can open the account. */
export function FactorCards({ factors: { hasTotp, recoveryCodeCount }, passkeys, message }: FactorCardsProps) {
	return (
		<div className="grid items-start gap-6 lg:grid-cols-2">
			<Card title="Authenticator app" aside={hasTotp ? <StateMark state="ok" label="on" /> : undefined}>
				<p className="mb-5 text-sm text-muted">
					{hasTotp
						? `Its codes are asked for before you change how this account is opened, and before a device is approved. ${recoveryCodeCount} recovery codes are left.`
						: "A second proof for everything that changes how this account is opened, and for every new device."}
				</p>
				<form method="post" action={hasTotp ? "/api/second-factor/totp/remove" : "/api/second-factor/totp/start"} className="space-y-5">
					<PresentPasswordField error={fieldError(message, "password")} />
					<SubmitButton
						label={hasTotp ? "Remove the app" : "Set up an app"}
						pendingLabel="One moment …"
						variant={hasTotp ? "danger" : "secondary"}
					/>
				</form>
			</Card>
			<Card title="Passkeys" aside={passkeys.length > 0 ? <StateMark state="ok" label={String(passkeys.length)} /> : undefined}>
				{passkeys.length === 0 ? null : (
					<ul className="mb-6 divide-y divide-line">
						{passkeys.map((passkey) => (
							<PasskeyEntry key={passkey.id} passkey={passkey} />
						))}
					</ul>
				)}
				<AddPasskey />
			</Card>
		</div>
	);
}
