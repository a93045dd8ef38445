import { type MarkState, StateMark } from "@opta/ui/state-mark.tsx";
import { When } from "../sessions/when.tsx";
import { addressWords } from "./address-kind.ts";
import type { OwnHost } from "./read-hosts.ts";

/** Hosts ask accounts every minute; who has missed two was not there. */
const missedMs = 150_000;

/** Whether a host was there a moment ago, as far as accounts knows. */
export function HostState({ host, nowMs }: { readonly host: OwnHost; readonly nowMs: number }) {
	const { lastSeenAt } = host;
	const [state, label]: [MarkState, string] =
		lastSeenAt === null ? ["none", "never seen"] : nowMs - lastSeenAt.getTime() < missedMs ? ["ok", "there"] : ["warn", "away"];
	return <StateMark state={state} label={label} />;
}

/** Version, address and last time of a host, in one line. */
export function HostFacts({ host }: { readonly host: OwnHost }) {
	const { version, address, lastSeenAt } = host;
	return (
		<>
			{version === null ? "" : `version ${version} · `}
			{addressWords[address]}
			{lastSeenAt === null ? "" : " · last seen "}
			{lastSeenAt === null ? null : <When at={lastSeenAt} />}
		</>
	);
}
