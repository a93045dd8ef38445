"use client";

import type { HostError } from "@opta/host-client/host-error";
import { Button, ButtonLink } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import type { ReactNode } from "react";
import { useDashboardPlace } from "./dashboard-place.tsx";
import { problemTitle } from "./problem-title.ts";

interface HostProblemProps {
	readonly error: HostError;
	readonly retry: () => void;
	readonly retryLabel?: string;
	/** True while the host is being asked again. */
	readonly retrying?: boolean;
	/** Warnings leave usable things on the page; failures do not. */
	readonly tone?: "warn" | "bad";
	readonly children?: ReactNode;
}

/** Says what went wrong with the host and offers the next step: signing in, a key, or trying again. */
export function HostProblem({ error, retry, retryLabel = "Try again", retrying = false, tone = "bad", children }: HostProblemProps) {
	const { signIn } = useDashboardPlace();
	if (signIn.kind === "key" && (error.code === "unauthenticated" || error.code === "forbidden")) {
		return signIn.form({ error, retry, retrying, children });
	}
	const signedOut = error.code === "session_expired" || error.code === "unauthenticated";
	return (
		<Notice tone={tone} title={problemTitle(error.code)}>
			<p>{error.message}</p>
			{children}
			<div className="mt-3">
				{signedOut && signIn.kind === "link" ? (
					<ButtonLink variant="secondary" href={signIn.href}>
						Sign in
					</ButtonLink>
				) : (
					<Button variant="secondary" onClick={retry} aria-disabled={retrying}>
						{retryLabel}
					</Button>
				)}
			</div>
		</Notice>
	);
}
