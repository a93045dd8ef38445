import { isFromOwnPage } from "@opta/auth/origin-check";
import type { SignedInSession } from "@opta/auth/session";
import type { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { freshPerson } from "../devices/fresh-person.ts";
import { accountServiceUnreachable, refusal } from "../session/response.ts";

const mostBytes = 32_768;

/** A call of one of our own pages, or the answer that refuses it. */
export type PageCall<T> =
	| { readonly ok: true; readonly session: SignedInSession; readonly body: T }
	| { readonly ok: false; readonly response: Response };

async function readJson(request: Request): Promise<unknown> {
	try {
		return await request.json();
	} catch {
		return undefined;
	}
}

/** Reads a call of our own page by somebody whose session the back end confirms. */
export async function readPageCall<T>(context: AccountsContext, request: Request, schema: z.ZodType<T>): Promise<PageCall<T>> {
	const refuse = (response: Response): PageCall<T> => ({ ok: false, response });
	if (!isFromOwnPage(request.headers, context.configuration.addressing, "accounts")) {
		return refuse(refusal("foreign_origin", "This call was not made by a page of accounts."));
	}
	if (!(Number(request.headers.get("content-length") ?? Number.NaN) <= mostBytes)) {
		return refuse(refusal("payload_too_large", `The body is larger than ${mostBytes} bytes.`));
	}
	const body = schema.safeParse(await readJson(request));
	if (!body.success) {
		return refuse(refusal("invalid_request", "The body is not what this address takes. Load the page again."));
	}
	const person = await freshPerson(context, request.headers.get("cookie"));
	if (person.state !== "signedIn") {
		return refuse(
			person.state === "unavailable"
				? refusal("unavailable", accountServiceUnreachable)
				: refusal("unauthenticated", "The session is over; sign in again."),
		);
	}
	return { ok: true, session: person.session, body: body.data };
}
