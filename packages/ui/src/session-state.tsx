"use client";

import type { SessionResponse } from "@opta/contracts/schema/session";
import { siteUrl } from "@opta/contracts/site-url";
import { useEffect, useState } from "react";
import { addressingHere, usePlace } from "./addressing-provider.tsx";
import { SiteLink } from "./site-link.tsx";

const sessionTimeoutMs = 5_000;

/** Asks accounts who is signed in. Every failure reads as signed out: the header has nothing better to say. */
async function fetchSession(url: string, signal: AbortSignal): Promise<SessionResponse> {
	try {
		const response = await fetch(url, { credentials: "include", cache: "no-store", signal });
		const session: SessionResponse = response.ok ? await response.json() : { signedIn: false };
		return session;
	} catch {
		return { signedIn: false };
	}
}

/** The header's account corner: "Sign in" until accounts says who is signed in, then the name alone. */
export function SessionState() {
	const place = usePlace();
	const [session, setSession] = useState<SessionResponse>({ signedIn: false });
	const [here, setHere] = useState<string | null>(null);

	useEffect(() => {
		const leave = new AbortController();
		setHere(window.location.href);
		const url = siteUrl(addressingHere(place), "accounts", "/api/session");
		fetchSession(url, AbortSignal.any([leave.signal, AbortSignal.timeout(sessionTimeoutMs)])).then((answer) => {
			if (!leave.signal.aborted) {
				setSession(answer);
			}
		});
		return () => leave.abort();
	}, [place]);

	const firstHere = place === null ? null : siteUrl(place.addressing, place.site);
	const returnTo = place?.site === "accounts" ? null : (here ?? firstHere);
	const style =
		"inline-flex h-8 max-w-28 sm:max-w-44 items-center rounded-md border px-3 font-mono text-[0.8125rem] whitespace-nowrap print:hidden";
	if (session.signedIn) {
		return (
			<SiteLink site="accounts" className={`${style} border-line text-ink hover:border-edge`} title={`Your account, ${session.name}`}>
				<span className="sr-only">Your account, </span>
				<span className="truncate">{session.name}</span>
			</SiteLink>
		);
	}
	return (
		<SiteLink
			site="accounts"
			path={returnTo === null ? "/sign-in" : `/sign-in?redirect_to=${encodeURIComponent(returnTo)}`}
			className={`${style} border-edge text-ink hover:bg-raised`}
		>
			Sign in
		</SiteLink>
	);
}
