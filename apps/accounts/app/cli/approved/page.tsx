import { callbackPath } from "@opta/contracts/device-sign-in";
import { Notice } from "@opta/ui/notice.tsx";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { readApproval } from "../../../devices/approval-cookie.ts";
import { FormPage } from "../../../forms/form-page.tsx";

export const metadata: Metadata = { title: "Terminal approved", referrer: "no-referrer" };

/**
 * Leads the browser to the terminal by a top-level navigation: a form that ends on 127.0.0.1 is stopped by `form-action`,
 * and a fetch by Local Network Access. Works without JavaScript.
 */
export default async function ApprovedPage() {
	const approval = readApproval((await headers()).get("cookie"));
	if (approval === null) {
		return (
			<FormPage title="Terminal approved" lead="The code of this approval is over.">
				<Notice tone="warn" title="Nothing more to do here">
					<p>If the terminal still waits, start again there. A code is good for one minute.</p>
				</Notice>
			</FormPage>
		);
	}
	const { code, state, port, name } = approval;
	const callback = port === null ? null : `http://127.0.0.1:${port}${callbackPath}?code=${code}&state=${state}`;
	return (
		<FormPage title="Terminal approved" lead={`${name} is being signed in.`}>
			{callback === null ? null : (
				<>
					<meta httpEquiv="refresh" content={`1;url=${callback}`} />
					<p>
						<a className="link" href={callback} rel="noreferrer">
							Go on to the terminal
						</a>{" "}
						if this page does not lead there by itself.
					</p>
				</>
			)}
			<div>
				<p className="text-sm font-medium">
					{callback === null ? "Type this code in the terminal" : "If the terminal asks for a code, type this one"}
				</p>
				<p className="mt-2 rounded-md border border-edge bg-surface p-4 font-mono text-sm break-all select-all">{code}</p>
				<p className="mt-2 text-sm text-muted">It is good for one minute, once, and only for the terminal that you approved.</p>
			</div>
		</FormPage>
	);
}
