"use client";

import type { HostError } from "@opta/host-client/host-error";
import { Button, ButtonLink } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import type { ReactNode } from "react";
import { useDashboardPlace } from "../host/dashboard-place.tsx";
import { problemTitle } from "../host/problem-title.ts";

interface DeviceProblemProps {
	readonly error: HostError;
	readonly retry: () => void;
	readonly retrying: boolean;
	/** True where older data is still on the page. */
	readonly stale: boolean;
	readonly children?: ReactNode;
}

function titleOf({ code }: HostError): string {
	if (code === "forbidden") {
		return "Not allowed on that computer";
	}
	return code === "not_found" ? "It is not there any more" : problemTitle(code);
}

/** True where signing in is the remedy. */
export function isSignedOut({ code }: HostError): boolean {
	return code === "session_expired" || code === "unauthenticated";
}

/** Says what went wrong with a device and offers the next step. */
export function DeviceProblem({ error, retry, retrying, stale, children }: DeviceProblemProps) {
	const { signIn } = useDashboardPlace();
	return (
		<Notice tone={stale ? "warn" : "bad"} title={titleOf(error)}>
			<p>{error.message}</p>
			{children}
			<div className="mt-3">
				{isSignedOut(error) && signIn.kind === "link" ? (
					<ButtonLink variant="secondary" href={signIn.href}>
						Sign in
					</ButtonLink>
				) : (
					<Button variant="secondary" onClick={retry} aria-disabled={retrying}>
						Try again
					</Button>
				)}
			</div>
		</Notice>
	);
}
