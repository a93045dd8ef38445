const words: Readonly<Record<string, string>> = {
	"session.opened": "Signed in",
	"session.revoked": "Sessions ended",
	"device.added": "Device signed in",
	"device.revoked": "Device signed out",
	"password.changed": "Password changed",
	"email.change_asked": "Change of the address asked for",
	"account.deletion_requested": "Deletion of the account asked for",
	"account.deletion_cancelled": "Deletion of the account taken back",
	"data.exported": "Data exported",
	"second_factor.added": "Second factor added",
	"second_factor.removed": "Second factor removed",
	"recovery_codes.made": "Recovery codes made",
	"recovery_code.used": "Recovery code used",
	"host.renamed": "Host renamed",
	"host.invited": "Invitation to a host made",
	"host.invite_withdrawn": "Invitation to a host withdrawn",
	"host.invite_declined": "Invitation to a host declined",
	"host.joined": "Host joined",
	"host.role_changed": "Role on a host changed",
	"host.member_removed": "Member removed from a host",
	"host.left": "Host left",
	"host.handed_over": "Host handed over",
	"host.revoked": "Host revoked",
	"identity.linked": "Way to sign in added",
	"identity.unlinked": "Way to sign in removed",
	"host.claimed": "Host claimed",
};

/** Details that are for programs; the name stands beside them. */
const ids: ReadonlySet<string> = new Set(["device", "host"]);

/** Details that say little without a word before them; they come last. */
const labels: Readonly<Record<string, string>> = { new_name: "now", before: "was", to: "to", by: "by" };

function labelOrder(name: string): number {
	return Object.keys(labels).indexOf(name);
}

/** A kind of event in words; unknown ones are shown as they are. */
export function eventWords(kind: string): string {
	return words[kind] ?? kind;
}

/** The details of an event in one line. */
export function detailWords(detail: Readonly<Record<string, unknown>>): string {
	return Object.entries(detail)
		.filter(([name, value]) => !ids.has(name) && (typeof value === "string" || typeof value === "number"))
		.sort(([one], [other]) => labelOrder(one) - labelOrder(other))
		.map(([name, value]) => (labels[name] === undefined ? value : `${labels[name]} ${value}`))
		.join(" · ");
}
