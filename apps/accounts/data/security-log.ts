import { createHash } from "node:crypto";
import { createDataClientFor, type DataSource } from "@opta/auth/data-client";
import type { SignedInSession } from "@opta/auth/session";
import { z } from "zod";
import { databaseTime } from "../account/database-time.ts";
import { type Read, readFailure } from "../account/read.ts";

const rowSchema = z.object({
	user_id: z.uuid(),
	seq: z.int(),
	at: z.string(),
	kind: z.string(),
	detail: z.record(z.string(), z.unknown()),
	previous_hash: z.string(),
	hash: z.string(),
});

/** A line of the security log. */
export interface SecurityEvent {
	readonly seq: number;
	readonly at: Date;
	readonly kind: string;
	readonly detail: Readonly<Record<string, unknown>>;
	readonly previousHash: string;
	readonly hash: string;
}

/** Most lines of a page; the export has all. */
export const logPageSize = 100;
const mostExported = 100_000;
const batch = 1000;

/** Reads the newest lines, the newest first. */
export async function readSecurityLog(
	source: DataSource,
	{ accessToken }: Pick<SignedInSession, "accessToken">,
	range: { readonly limit: number; readonly below?: number },
): Promise<Read<readonly SecurityEvent[]>> {
	const data = createDataClientFor(source, accessToken);
	const query = data.from("security_events").select("*").order("seq", { ascending: false }).limit(range.limit);
	const answer = await (range.below === undefined ? query : query.lt("seq", range.below));
	const failed = readFailure(answer);
	if (failed !== null) {
		return failed;
	}
	const rows = z.array(rowSchema).parse(answer.data);
	return {
		state: "ok",
		value: rows.map(({ seq, at, kind, detail, previous_hash: previousHash, hash }) => ({
			...{ seq, kind, detail, previousHash, hash },
			at: databaseTime(at),
		})),
	};
}

/** Reads the whole log, the oldest first. */
export async function readWholeSecurityLog(
	source: DataSource,
	session: Pick<SignedInSession, "accessToken">,
): Promise<Read<readonly SecurityEvent[]>> {
	const events: SecurityEvent[] = [];
	while (events.length < mostExported) {
		const below = events.at(-1)?.seq;
		const page = await readSecurityLog(source, session, { limit: batch, ...(below === undefined ? {} : { below }) });
		if (page.state !== "ok") {
			return page;
		}
		events.push(...page.value);
		if (page.value.length < batch) {
			break;
		}
	}
	return { state: "ok", value: events.reverse() };
}

/** True when every line names the hash of the line before it, from the first on. */
export function isUnbrokenChain(events: readonly SecurityEvent[]): boolean {
	return events.every((event, index) => event.seq === index + 1 && event.previousHash === (events[index - 1]?.hash ?? ""));
}

/** SHA-256 of the newest line's hash and its number, short enough to be written down and compared later. */
export function chainMark(newest: SecurityEvent): string {
	return `${newest.seq}-${createHash("sha256").update(newest.hash).digest("hex").slice(0, 12)}`;
}
