import type { AccountsContext } from "../accounts-context.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { seeOther } from "../session/response.ts";
import { dropNewCodes } from "./new-codes-cookie.ts";

/** `POST /api/second-factor/codes-stored`: the person has put the recovery codes away; they are not shown again. */
export async function forgetNewCodes(context: AccountsContext, request: Request): Promise<Response> {
	const { addressing } = context.configuration;
	const form = await readPostedForm(addressing, request);
	return form.ok ? seeOther(pageAddress(addressing, "/security", { done: "factor-added" }), [dropNewCodes()]) : form.response;
}
