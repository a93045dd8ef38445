import type { SignedInSession } from "@opta/auth/session";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { type FreshPerson, freshPerson } from "../devices/fresh-person.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { seeOther } from "../session/response.ts";

/** A form about one host, from its page. */
export interface HostForm {
	readonly hostId: string;
	readonly text: (name: string) => string;
	readonly cookieHeader: string | null;
	/** Leads back to the page of the host. */
	readonly back: (parameters?: Readonly<Record<string, string | undefined>>, setCookies?: readonly string[]) => Response;
}

type Answered = { readonly ok: false; readonly response: Response };

/** Reads a form with the field `host`; answers instead where it is none, or another site's. */
export async function readHostForm(
	{ configuration: { addressing } }: AccountsContext,
	request: Request,
): Promise<{ readonly ok: true; readonly form: HostForm } | Answered> {
	const posted = await readPostedForm(addressing, request);
	if (!posted.ok) {
		return posted;
	}
	const hostId = z.uuid().safeParse(posted.text("host")).data?.toLowerCase();
	if (hostId === undefined) {
		return { ok: false, response: seeOther(pageAddress(addressing, "/hosts", { error: "host_gone" })) };
	}
	const page = `/hosts/${hostId}`;
	return {
		ok: true,
		form: {
			hostId,
			text: posted.text,
			cookieHeader: posted.cookieHeader,
			back: (parameters, setCookies) => seeOther(pageAddress(addressing, page, parameters), setCookies),
		},
	};
}

/** Reads a form about a host and who sent it, whose session the back end has just confirmed. */
export async function readOwnHostForm(
	context: AccountsContext,
	request: Request,
): Promise<{ readonly ok: true; readonly form: HostForm; readonly person: Extract<FreshPerson, { state: "signedIn" }> } | Answered> {
	const posted = await readHostForm(context, request);
	if (!posted.ok) {
		return posted;
	}
	const { form } = posted;
	const person = await freshPerson(context, form.cookieHeader);
	return person.state === "signedIn"
		? { ok: true, form, person }
		: { ok: false, response: form.back(person.state === "unavailable" ? { error: "unavailable" } : {}) };
}

/** What the page says after an answer of the database; `page` where it is not the host's own. */
type Outcome = { readonly done: string; readonly page?: "/hosts"; readonly setCookie?: string } | { readonly error: FormErrorCode };

type Outcomes = Readonly<Record<string, Outcome>>;
type Person = { readonly session: SignedInSession; readonly setCookies: readonly string[] };

const refusals: Outcomes = { refused: { error: "not_host_owner" }, unavailable: { error: "unavailable" } };

/** Calls a function of the database, which decides whether the person may; its answer, `refused` or `unavailable`. */
export async function askForChange(
	{ portal }: AccountsContext,
	{ session }: Person,
	name: string,
	values: Readonly<Record<string, unknown>>,
): Promise<string> {
	const answer = await portal.call(name, values, session.accessToken);
	return answer.state === "ok" ? String(answer.data) : answer.state;
}

/** Leads back to a page that says what came of a change. `outcomes` are the answers of the function that was called. */
export function leadBack(
	{ configuration }: AccountsContext,
	form: HostForm,
	{ setCookies }: Person,
	answer: string,
	outcomes: Outcomes,
): Response {
	const outcome = { ...refusals, ...outcomes }[answer] ?? { error: "unavailable" };
	if ("error" in outcome) {
		return form.back({ error: outcome.error }, setCookies);
	}
	const { done, page = `/hosts/${form.hostId}`, setCookie } = outcome;
	return seeOther(pageAddress(configuration.addressing, page, { done }), setCookie === undefined ? setCookies : [...setCookies, setCookie]);
}

/** Has the database change a host for a person, and leads back to a page that says what came of it. */
export async function changeHost(
	context: AccountsContext,
	form: HostForm,
	person: Person,
	name: string,
	values: Readonly<Record<string, unknown>>,
	outcomes: Outcomes,
): Promise<Response> {
	return leadBack(context, form, person, await askForChange(context, person, name, values), outcomes);
}
