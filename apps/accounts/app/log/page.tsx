import { requireUser } from "@opta/auth/require-user";
import { ButtonLink } from "@opta/ui/button.tsx";
import { DataTable } from "@opta/ui/data-table.tsx";
import { EmptyState } from "@opta/ui/empty-state.tsx";
import type { Metadata } from "next";
import { AccountFrame, AccountUnread } from "../../account/account-frame.tsx";
import { detailWords, eventWords } from "../../data/event-words.ts";
import { chainMark, logPageSize, readSecurityLog, type SecurityEvent } from "../../data/security-log.ts";
import { accountsContext } from "../../env.ts";
import { readPageInput, type SearchParameters, titleWithError } from "../../forms/page-input.ts";
import { When } from "../../sessions/when.tsx";

interface LogPageProps {
	readonly searchParams: SearchParameters;
}

const title = "Security log";

export function generateMetadata({ searchParams }: LogPageProps): Promise<Metadata> {
	return titleWithError(title, searchParams);
}

function Log({ events }: { readonly events: readonly SecurityEvent[] }) {
	const [newest] = events;
	const oldest = events.at(-1);
	if (newest === undefined || oldest === undefined) {
		return (
			<EmptyState title="Nothing has happened yet">
				<p>Sign-ins, devices and changes of your passwords will stand here.</p>
			</EmptyState>
		);
	}
	const rows = events.map((event) => ({
		key: String(event.seq),
		cells: [
			<When key="at" at={event.at} />,
			eventWords(event.kind),
			detailWords(event.detail),
			<code key="hash">{event.hash.slice(0, 12)}</code>,
		],
	}));
	return (
		<>
			<DataTable caption="What changed who can open this account or use a host" columns={["When", "What", "Details", "Mark"]} rows={rows} />
			<div className="flex flex-wrap items-center gap-4">
				{events.length < logPageSize ? null : (
					<ButtonLink href={`/log?below=${oldest.seq}`} variant="secondary">
						Older
					</ButtonLink>
				)}
				<ButtonLink href="/api/security-log" variant="secondary" download>
					Download the whole log
				</ButtonLink>
				<p className="text-sm text-muted">
					Every line is chained to the one before. Newest mark: <code>{chainMark(newest)}</code>
				</p>
			</div>
		</>
	);
}

export default async function LogPage({ searchParams }: LogPageProps) {
	const session = await requireUser();
	const { configuration } = accountsContext();
	const { message, all } = await readPageInput(searchParams, configuration.addressing);
	const below = typeof all.below === "string" && /^[1-9]\d{0,9}$/.test(all.below) ? { below: Number(all.below) } : {};
	const log = await readSecurityLog(configuration, session, { limit: logPageSize, ...below });
	return (
		<AccountFrame current="/log" title={title} lead="Kept as long as the account, and never changed." message={message}>
			{log.state === "ok" ? <Log events={log.value} /> : <AccountUnread state={log.state} path="/log" />}
		</AccountFrame>
	);
}
