"use client";

import type { Peer } from "@opta/contracts/schema/peers";
import { Notice } from "@opta/ui/notice.tsx";
import { useEffect, useState } from "react";
import { TimeAgo } from "../host/time-ago.tsx";
import type { FollowedSession } from "./session-store.ts";

interface ConnectionBannerProps {
	readonly followed: Pick<FollowedSession, "connection" | "problem">;
	readonly deviceName: string;
	/** What the host says of the device; undefined while it has said nothing. */
	readonly peer: Peer | undefined;
}

/** A stream that begins anew, as it does every few minutes, is no news. */
const patienceMs = 1_500;

/** Says that what is shown may be behind, and why. */
export function ConnectionBanner({ followed: { connection, problem }, deviceName, peer }: ConnectionBannerProps) {
	const isLive = connection === "live";
	const [isLate, setLate] = useState(false);
	useEffect(() => {
		if (isLive) {
			setLate(false);
			return;
		}
		const timer = setTimeout(() => setLate(true), patienceMs);
		return () => clearTimeout(timer);
	}, [isLive]);

	if (connection === "ended") {
		return (
			<Notice tone="bad" title="This session cannot be followed">
				{problem ?? "It is not there any more."}
			</Notice>
		);
	}
	if (!isLate || isLive) {
		return null;
	}
	if (peer !== undefined && !peer.connected) {
		return (
			<Notice tone="warn" title={`${deviceName} is gone`}>
				It was last seen <TimeAgo time={peer.lastSeenAt} />. What you see is as it was then; it goes on by itself when the computer is back.
			</Notice>
		);
	}
	return (
		<Notice tone="warn" title="Connecting again">
			{problem ?? "The connection to the computer is being made."}
		</Notice>
	);
}
