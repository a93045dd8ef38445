import type { AccountsContext } from "../accounts-context.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { clientName } from "../sessions/client-name.ts";

/** What accounts itself writes into a person's security log; sessions and devices are logged by the database. */
export type SecurityEventKind =
	| "password.changed"
	| "email.change_asked"
	| "data.exported"
	| "second_factor.added"
	| "second_factor.removed"
	| "recovery_codes.made"
	| "recovery_code.used"
	| "identity.linked"
	| "identity.unlinked";

/** Adds a line to a person's security log, with where it came from. */
export async function noteSecurityEvent(
	context: AccountsContext,
	accessToken: string,
	headers: Headers,
	kind: SecurityEventKind,
	detail: Readonly<Record<string, string>>,
): Promise<void> {
	const place = clientNetwork(headers, context.clientAddressHeader);
	const client = clientName(headers.get("user-agent"));
	const event_detail = { ...detail, ...(place === null ? {} : { place }), ...(client === null ? {} : { client }) };
	await context.portal.call("note_security_event", { event_kind: kind, event_detail }, accessToken);
}
