import { parseCookieHeader } from "@opta/auth/cookie-header";
import { z } from "zod";
import { serializeCookie } from "../session/set-cookie.ts";

/** What the page after an approval needs: it leads the browser to the terminal, or shows the code to be typed there. */
const approvalSchema = z.object({
	code: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
	state: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
	port: z.int().min(1024).max(65_535).nullable(),
	name: z.string(),
});

/** An approval on its way to the terminal. */
export type Approval = z.infer<typeof approvalSchema>;

const cookieName = "__Host-opta-approval";
/** As long as the code lives. */
const lifeSeconds = 60;
const options = { path: "/", secure: true, httpOnly: true, sameSite: "strict" } as const;

/** The `Set-Cookie` line that keeps an approval for a minute, so that no code stands in an address of ours. */
export function keepApproval(approval: Approval): string {
	return serializeCookie(cookieName, Buffer.from(JSON.stringify(approval)).toString("base64url"), { ...options, maxAge: lifeSeconds });
}

/** Reads it; null when there is none. */
export function readApproval(cookieHeader: string | null): Approval | null {
	const found = parseCookieHeader(cookieHeader).filter(({ name }) => name === cookieName);
	const [only] = found;
	if (only === undefined || found.length > 1) {
		return null;
	}
	try {
		return approvalSchema.parse(JSON.parse(Buffer.from(only.value, "base64url").toString("utf8")));
	} catch {
		return null;
	}
}
