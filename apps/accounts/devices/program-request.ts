import { type SiteAddressing, siteUrl } from "@opta/contracts/site-url";
import type { z } from "zod";
import { refusal } from "../session/response.ts";

const mostBytes = 8192;

/** A body that a program sent, or the answer that refuses it. */
export type ProgramBody<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly response: Response };

/** Reads a small JSON body of a program, which says its length; undefined for what is no JSON. */
export async function readSmallJson(request: Request): Promise<ProgramBody<unknown>> {
	const bytes = Number(request.headers.get("content-length") ?? Number.NaN);
	if (!(bytes <= mostBytes)) {
		return { ok: false, response: refusal("payload_too_large", `Send a JSON body of at most ${mostBytes} bytes, with its length.`) };
	}
	try {
		return { ok: true, value: await request.json() };
	} catch {
		return { ok: true, value: undefined };
	}
}

/** Reads the JSON body of a program. Browsers have no business at these routes: every request with `Origin` is refused. */
export async function readProgramBody<T>(request: Request, schema: z.ZodType<T>): Promise<ProgramBody<T>> {
	if (request.headers.has("origin")) {
		return { ok: false, response: refusal("foreign_origin", "This address is for the programs of a device, not for pages.") };
	}
	const body = await readSmallJson(request);
	if (!body.ok) {
		return body;
	}
	const parsed = schema.safeParse(body.value);
	if (!parsed.success) {
		const place = parsed.error.issues[0]?.path.join(".") ?? "";
		const what = place === "" ? "The body is not what this address takes." : `The value of "${place}" is not what this address takes.`;
		return { ok: false, response: refusal("invalid_request", `${what} Update the program, or check what it sends.`) };
	}
	return { ok: true, value: parsed.data };
}

/** Public address of a route, as the key's proof names it. */
export function routeUrl(addressing: SiteAddressing, path: string): string {
	return siteUrl(addressing, "accounts", path);
}

/** Refuses with the seconds to wait. */
export function tooMany(waitSeconds: number): Response {
	const response = refusal("rate_limited", `Too many attempts. Try again in ${waitSeconds} s.`);
	response.headers.set("retry-after", String(waitSeconds));
	return response;
}
