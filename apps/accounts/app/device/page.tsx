import { requireUser } from "@opta/auth/require-user";
import { buttonClassName } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { DeviceFacts } from "../../devices/device-facts.tsx";
import { EnterCode } from "../../devices/enter-code.tsx";
import { findDeviceRequest, type PendingDevice } from "../../devices/find-device-request.ts";
import { readUserCode, showUserCode } from "../../devices/user-code.ts";
import { accountsContext } from "../../env.ts";
import { formMessages } from "../../forms/form-error.ts";
import { FormPage } from "../../forms/form-page.tsx";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { SubmitButton } from "../../forms/submit-button.tsx";

interface DevicePageProps {
	readonly searchParams: SearchParameters;
}

const title = "Sign in a device";

export function generateMetadata({ searchParams }: DevicePageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

function Approve({ code, device }: { readonly code: string; readonly device: PendingDevice }) {
	return (
		<form method="post" action="/api/device/answer" className="space-y-6">
			<input type="hidden" name="code" value={code} />
			<DeviceFacts
				codeName="code"
				code={showUserCode(code)}
				codeHint="Approve only a device in front of you that shows this code. If somebody sent it to you, refuse."
				facts={[
					["Device", device.name],
					["Kind", device.kind],
					["Asked from", device.place ?? "this computer or its network"],
					["Program", device.client ?? "unknown"],
				]}
			/>
			<div className="flex flex-wrap gap-3">
				<SubmitButton label="Approve" pendingLabel="Approving …" name="decision" value="approve" />
				<SubmitButton label="Refuse" pendingLabel="Refusing …" variant="secondary" name="decision" value="refuse" />
			</div>
		</form>
	);
}

function Answered({ wasApproved }: { readonly wasApproved: boolean }) {
	return (
		<>
			<Notice tone="ok" title={wasApproved ? "The device is approved" : "The device was refused"}>
				<p>{wasApproved ? "It signs itself in within a few seconds." : "Nothing was given to it."}</p>
			</Notice>
			<a href="/" className={buttonClassName("secondary")}>
				To your account
			</a>
		</>
	);
}

export default async function DevicePage({ searchParams }: DevicePageProps) {
	const context = accountsContext();
	const { message, all } = await readPageInput(searchParams, context.configuration.addressing);
	const session = await requireUser();
	if (all.answered === "approved" || all.answered === "refused") {
		return (
			<FormPage title={title} lead="For devices without a browser.">
				<Answered wasApproved={all.answered === "approved"} />
			</FormPage>
		);
	}
	const code = readUserCode(all.code);
	const found = code === null ? null : await findDeviceRequest(context, session, code, await headers());
	const problem =
		all.code !== undefined && code === null
			? formMessages.code_unknown
			: found !== null && "error" in found
				? formMessages[found.error]
				: message;
	return (
		<FormPage title={title} lead="For devices without a browser: they show a code, you type it here." message={problem}>
			{code !== null && found !== null && "found" in found ? <Approve code={code} device={found.found} /> : <EnterCode action="/device" />}
		</FormPage>
	);
}
