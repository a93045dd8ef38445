import type { ComponentReport } from "@opta/contracts/schema/status-report";
import { type SiteName, sites } from "@opta/contracts/sites";
import { SiteLink } from "@opta/ui/site-link.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import { coverage } from "../report/coverage.ts";
import { elapsedText } from "../report/elapsed.ts";
import { stateMarks, stateWords } from "../report/state-words.ts";
import { HistoryBar } from "./history-bar.tsx";
import { LocalTime } from "./local-time.tsx";

interface ComponentRowProps {
	readonly component: ComponentReport;
	readonly serverNowMs: number;
}

function siteOf(id: string): SiteName | undefined {
	return sites.find(({ name }) => id === `site-${name}`)?.name;
}

function CheckAge({ component: { checkedAt }, serverNowMs }: ComponentRowProps) {
	if (checkedAt === null) {
		return "never";
	}
	return <time dateTime={checkedAt}>{elapsedText(serverNowMs - Date.parse(checkedAt))} ago</time>;
}

function Counts({ component: { history } }: Pick<ComponentRowProps, "component">) {
	const { well, made, wellPercent } = coverage(history);
	if (wellPercent === null) {
		return "no checks yet";
	}
	return `${well} of ${made} ${made === 1 ? "check" : "checks"} well, ${wellPercent} %`;
}

/** One watched part: its state, its last checks, and how quick the last answer was. */
export function ComponentRow({ component, serverNowMs }: ComponentRowProps) {
	const { id, title, state, reason, since, latencyMs, history } = component;
	const site = siteOf(id);
	return (
		<li
			data-component={id}
			data-state={state}
			aria-labelledby={`part-${id}`}
			className="grid gap-x-8 gap-y-3 border-t border-line py-5 first:border-t-0 md:grid-cols-[15rem_minmax(0,1fr)_11rem]"
		>
			<div>
				<h3 id={`part-${id}`} className="font-medium">
					{site === undefined ? (
						title
					) : (
						<SiteLink site={site} className="hover:text-accent">
							{title}
						</SiteLink>
					)}
				</h3>
				<p className="mt-1 flex flex-wrap items-baseline gap-x-3 text-sm">
					<StateMark state={stateMarks[state]} label={stateWords[state]} />
					{since === null ? null : (
						<span className="text-muted">
							since <LocalTime iso={since} />
						</span>
					)}
				</p>
			</div>
			<div className="min-w-0">
				<HistoryBar history={history} />
				<p className="mt-2 font-mono text-xs text-muted">
					<Counts component={component} />
				</p>
			</div>
			<dl className="flex justify-between gap-x-4 self-start font-mono text-[0.8125rem] md:block">
				<div className="flex justify-between gap-x-3">
					<dt className="text-muted">answer</dt>
					<dd className="tabular-nums">{latencyMs === null ? "none" : `${latencyMs} ms`}</dd>
				</div>
				<div className="flex justify-between gap-x-3">
					<dt className="text-muted">checked</dt>
					<dd className="tabular-nums">
						<CheckAge component={component} serverNowMs={serverNowMs} />
					</dd>
				</div>
			</dl>
			{reason === null ? null : <p className="text-sm text-muted md:col-span-3">{reason}</p>}
		</li>
	);
}
