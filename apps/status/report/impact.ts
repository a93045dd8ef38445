import type { ComponentReport } from "@opta/contracts/schema/status-report";

/** What a part that is not well means for the people who use the platform. */
export interface Impact {
	readonly id: string;
	readonly title: string;
	readonly text: string;
}

const whenDown: Readonly<Record<string, string>> = {
	lmx: "Chat is unavailable, and the dashboard has no models, memory or speed to show. Nothing else depends on LMX: the pages of the sites, signing in and your account are not affected by it.",
	supabase:
		"Nobody can sign up or sign in, and the LMX dashboard cannot look up your hosts, which chat there needs. If you are signed in you stay so until your session has to be renewed.",
	"site-accounts":
		"Nobody can sign in or out, sessions are not renewed, and the other sites show everybody as signed out in their header. Chat in the LMX dashboard stops when its pass runs out, within a minute.",
	"site-lmx": "The dashboard and the chat page do not open. The other sites do not depend on it.",
	"site-status": "This page could not ask itself; the other results still hold.",
};

const whenDegraded: Readonly<Record<string, string>> = {
	lmx: "Chat may be slow, or refuse to answer until LMX is ready.",
	supabase: "Signing in, signing up and looking up your hosts may fail. Trying again may help.",
	"site-accounts": "Signing in and renewing a session may fail. Trying again may help.",
	"site-lmx": "The dashboard and the chat page may fail or take long.",
};

const pagesDown = "Its pages do not open. No other part depends on it.";
const pagesDegraded = "Its pages may fail or take long. No other part depends on it.";

/** One statement for each part that is not well, in the order of the report; parts without data say nothing. */
export function impacts(components: readonly ComponentReport[]): readonly Impact[] {
	return components.flatMap(({ id, title, state }) => {
		switch (state) {
			case "down":
				return [{ id, title, text: whenDown[id] ?? pagesDown }];
			case "degraded":
				return [{ id, title, text: whenDegraded[id] ?? pagesDegraded }];
			default:
				return [];
		}
	});
}
