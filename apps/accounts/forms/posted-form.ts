import { isFromOwnPage } from "@opta/auth/origin-check";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { refusal } from "../session/response.ts";

/** The fields of a form that one of our own pages sent, or the answer that refuses it. */
export type PostedForm =
	| { readonly ok: true; readonly text: (name: string) => string; readonly cookieHeader: string | null }
	| { readonly ok: false; readonly response: Response };

const mostBytes = 16_384;

async function readFields(request: Request): Promise<FormData | null> {
	try {
		return await request.formData();
	} catch {
		return null;
	}
}

/** Reads a form. Another site's page, a body that is too large and one that is no form are refused. */
export async function readPostedForm(addressing: SiteAddressing, request: Request): Promise<PostedForm> {
	if (!isFromOwnPage(request.headers, addressing, "accounts")) {
		return { ok: false, response: refusal("foreign_origin", "This form was not sent by a page of accounts; open the page and try again.") };
	}
	const bytes = Number(request.headers.get("content-length") ?? Number.NaN);
	if (!(bytes <= mostBytes)) {
		return { ok: false, response: refusal("payload_too_large", `The form is larger than ${mostBytes} bytes; shorten it and try again.`) };
	}
	const fields = await readFields(request);
	if (fields === null) {
		return { ok: false, response: refusal("invalid_request", "The body is no form; open the page and try again.") };
	}
	const text = (name: string): string => {
		const values = fields.getAll(name);
		return values.length === 1 && typeof values[0] === "string" ? values[0] : "";
	};
	return { ok: true, text, cookieHeader: request.headers.get("cookie") };
}
