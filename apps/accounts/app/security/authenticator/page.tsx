import { requireUser } from "@opta/auth/require-user";
import { Field } from "@opta/ui/field.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import type { Metadata } from "next";
import { encode } from "uqr";
import { accountsContext } from "../../../env.ts";
import { formMessages } from "../../../forms/form-error.ts";
import { FormPage } from "../../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../../forms/page-input.ts";
import { SubmitButton } from "../../../forms/submit-button.tsx";
import { readTotp } from "../../../second-factor/manage-totp.ts";
import { totpEnrolment } from "../../../second-factor/totp.ts";

interface AuthenticatorPageProps {
	readonly searchParams: SearchParameters;
}

const title = "Set up an authenticator app";

export function generateMetadata({ searchParams }: AuthenticatorPageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

/** A QR code as one path, dark on light whatever the theme: cameras read nothing else. */
function QrCode({ text }: { readonly text: string }) {
	const { data, size } = encode(text, { ecc: "M", border: 2 });
	const path = data.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
	return (
		<svg
			viewBox={`0 0 ${size} ${size}`}
			className="size-56 rounded-md bg-white"
			shapeRendering="crispEdges"
			role="img"
			aria-label="QR code for your authenticator app"
		>
			<path d={path} fill="#000" />
		</svg>
	);
}

function Enrol({ uri, text }: { readonly uri: string; readonly text: string }) {
	return (
		<>
			<QrCode text={uri} />
			<details className="text-sm">
				<summary className="w-max text-muted hover:text-ink">Type it instead</summary>
				<p className="mt-3 font-mono break-words select-all">{text}</p>
				<p className="mt-1 text-muted">
					Or, on this device,{" "}
					<a className="link" href={uri}>
						open it in the app
					</a>
					.
				</p>
			</details>
			<form method="post" action="/api/second-factor/totp/confirm" className="space-y-5">
				<Field label="Code that the app shows" name="code" inputMode="numeric" autoComplete="one-time-code" required maxLength={7} />
				<SubmitButton label="Switch it on" pendingLabel="Checking …" className="w-full" />
			</form>
		</>
	);
}

export default async function AuthenticatorPage({ searchParams }: AuthenticatorPageProps) {
	const { user, accessToken } = await requireUser();
	const context = accountsContext();
	const { message } = await readPageInput(searchParams, context.configuration.addressing);
	const factor = await readTotp(context, user.id, accessToken);
	const problem = factor === "unavailable" ? formMessages.unavailable : message;
	return (
		<FormPage title={title} lead="Scan the code with the app, then type what the app shows." message={problem}>
			{factor === null || factor === "unavailable" || factor.isConfirmed ? (
				<Notice tone="warn" title={factor !== null && factor !== "unavailable" ? "The app is set up already" : "Nothing to set up"}>
					<p>
						Begin on the page{" "}
						<a className="link" href="/security">
							ways to sign in
						</a>
						.
					</p>
				</Notice>
			) : (
				<Enrol {...totpEnrolment(factor.secret, user.email)} />
			)}
		</FormPage>
	);
}
