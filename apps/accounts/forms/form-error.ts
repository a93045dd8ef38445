import { minimumPasswordCharacters } from "./password-rules.ts";

/** A message of a form: at the top of the page, or at the field it is about. */
export interface FormMessage {
	readonly field: "email" | "password" | "name" | "confirm" | null;
	readonly title: string;
	readonly advice: string;
}

/** Everything that can go wrong with a form; the code travels in the address, the words stay here. */
export const formMessages = {
	incomplete: { field: null, title: "Something is missing", advice: "Fill in both the e-mail address and the password." },
	wrong_password: {
		field: null,
		title: "The e-mail address or the password is wrong",
		advice: "Check both, and that Caps Lock is off. Without an account yet, create one.",
	},
	unconfirmed: {
		field: null,
		title: "This e-mail address is not confirmed yet",
		advice: "Open the link in the mail that was sent to it, or have the mail sent again.",
	},
	email_invalid: { field: "email", title: "This is no e-mail address that mail can be sent to", advice: "It looks like name@example.org." },
	password_short: {
		field: "password",
		title: "The password is too short",
		advice: `It needs at least ${minimumPasswordCharacters} characters.`,
	},
	password_long: { field: "password", title: "The password is too long", advice: "It may have at most 72 bytes." },
	password_weak: { field: "password", title: "The password is too easy to guess", advice: "Make it longer, or mix in other characters." },
	name_long: { field: "name", title: "The name is too long", advice: "It may have at most 80 characters." },
	name_missing: { field: "name", title: "The name is empty", advice: "Write the name that others should see." },
	closed: { field: null, title: "New accounts are closed here", advice: "Ask the person who runs this platform." },
	too_many: { field: null, title: "Too many attempts", advice: "Wait a minute, then try again." },
	address_fixed: {
		field: "email",
		title: "The address cannot be changed here",
		advice: "The embedded account service cannot prove a new one. Create another account with it.",
	},
	address_differs: { field: "email", title: "That is not the address of this account", advice: "Type it exactly as it stands above." },
	password_wrong: { field: "password", title: "The password is wrong", advice: "Type the password that you have now." },
	reauthenticate: {
		field: "password",
		title: "Type your password once more",
		advice: "Or sign out and in again: ten minutes after a sign-in no password is asked for.",
	},
	link_over: {
		field: null,
		title: "This link is no longer good",
		advice: "It was used already, or it is too old. If the address is not confirmed yet, create the account again.",
	},
	password_not_set: {
		field: null,
		title: "The link was good, but the password could not be set",
		advice: "Sign in with the password that you have, or have another mail sent.",
	},
	code_wrong: {
		field: null,
		title: "The code is wrong",
		advice: "Type the six digits that the app shows now, or a recovery code. A code is good once.",
	},
	code_unknown: {
		field: null,
		title: "There is no such code",
		advice: "Check what the device shows. A code is good for ten minutes and for one answer.",
	},
	host_owned: {
		field: null,
		title: "Somebody owns this host already",
		advice: "Ask its owner to add you. If it is yours, revoke it first; then start the claim on the host again.",
	},
	provider_denied: {
		field: null,
		title: "You were not signed in",
		advice: "The sign-in was called off at the other service, or it said no. Try again, or use another way.",
	},
	provider_unverified: {
		field: null,
		title: "The other service does not vouch for your e-mail address",
		advice: "Confirm the address there first, or sign in here with a password. Nothing was linked.",
	},
	provider_stale: {
		field: null,
		title: "This sign-in took too long, or began in another browser",
		advice: "Start it again here.",
	},
	provider_failed: {
		field: null,
		title: "The other service did not answer as it should",
		advice: "Nothing was changed. Try again in a moment, or use another way to sign in.",
	},
	provider_off: { field: null, title: "This way to sign in is not set up here", advice: "Use another one." },
	identity_taken: {
		field: null,
		title: "That login belongs to another account here",
		advice: "Sign in with it, and remove it there first.",
	},
	identity_last: {
		field: null,
		title: "This is the last way to sign in, apart from mail links",
		advice: "Choose a password or link another service first; then remove it.",
	},
	identity_gone: { field: null, title: "It is already removed", advice: "Nothing was changed." },
	link_off: {
		field: null,
		title: "Services cannot be linked here by hand",
		advice: "Sign out, and sign in by the service whose address is the one of this account: it is linked then.",
	},
	not_host_owner: { field: null, title: "Only the owner of the host may do that", advice: "Nothing was changed. Ask the owner." },
	owner_stays: {
		field: null,
		title: "The owner can neither leave nor be removed",
		advice: "Hand the host over to a member first, or revoke it.",
	},
	role_missing: { field: null, title: "A role is missing", advice: "Choose viewer, user or operator." },
	member_gone: { field: null, title: "That person is no member of this host any more", advice: "Nothing was changed." },
	host_gone: { field: null, title: "There is no such host among yours", advice: "You may have been removed, or it was revoked." },
	host_is_local: {
		field: null,
		title: "This host belongs to the platform on this computer",
		advice: "It cannot be revoked by itself. Remove its members to keep others out, or hand it over.",
	},
	host_name_differs: { field: "confirm", title: "That is not the name of this host", advice: "Type it exactly as it stands above." },
	invites_full: {
		field: null,
		title: "Twenty invitations to this host are open already",
		advice: "Withdraw one that is not needed any more, then invite again.",
	},
	invite_over: {
		field: null,
		title: "This invitation is no longer good",
		advice: "It was used, declined or withdrawn, or it is older than seven days. Ask whoever invited you for another.",
	},
	invite_member: {
		field: null,
		title: "You are a member of this host already",
		advice: "Nothing was changed: your role is given by the owner, on the host's page.",
	},
	unavailable: { field: null, title: "The account service cannot be reached", advice: "Nothing was changed. Try again in a moment." },
} as const satisfies Record<string, FormMessage>;

/** Code of something that went wrong with a form. */
export type FormErrorCode = keyof typeof formMessages;

function waitInWords(seconds: number): string {
	const [count, unit] =
		seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [Math.ceil(seconds / 60), "minute"] : [Math.ceil(seconds / 3600), "hour"];
	return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/**
 * The message for the `error` parameter of an address; null when there is none, or none that we know. `wait`: for how many
 * seconds nothing more is taken.
 */
export function formMessage(code: unknown, wait?: unknown): FormMessage | null {
	if (typeof code !== "string" || !Object.hasOwn(formMessages, code)) {
		return null;
	}
	const message: FormMessage = formMessages[code as FormErrorCode];
	const isTimed = code === "too_many" && typeof wait === "string" && /^[1-9]\d{0,5}$/.test(wait);
	return isTimed ? { ...message, advice: `Try again in ${waitInWords(Number(wait))}.` } : message;
}
