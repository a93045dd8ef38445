import type { StatusReport } from "@opta/contracts/schema/status-report";

/** Time of the newest check of any part, RFC 3339; null before the first. */
export function newestCheck({ components }: StatusReport): string | null {
	return components.reduce<string | null>(
		(newest, { checkedAt }) => (checkedAt !== null && (newest === null || checkedAt > newest) ? checkedAt : newest),
		null,
	);
}
