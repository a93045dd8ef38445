import type { Metadata } from "next";
import { statusProber } from "../probe/status-prober.ts";
import { overall } from "../report/overall.ts";
import { LiveStatus } from "../view/live-status.tsx";

export const dynamic = "force-dynamic";

/** The window's title says how things are. */
export function generateMetadata(): Metadata {
	return { title: overall(statusProber().report().components).headline };
}

export default async function Page() {
	const prober = statusProber();
	await prober.catchUp();
	return <LiveStatus initial={prober.report()} />;
}
