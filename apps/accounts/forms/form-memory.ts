import { parseCookieHeader } from "@opta/auth/cookie-header";
import { z } from "zod";
import { serializeCookie } from "../session/set-cookie.ts";

/** What a person typed and need not type again; never a password. */
const formMemorySchema = z.object({
	email: z.string().max(254).default(""),
	name: z.string().max(80).default(""),
	redirectTo: z.string().max(2048).default(""),
});

/** What a person typed and need not type again, and where they were going. */
export type FormMemory = z.infer<typeof formMemorySchema>;

const cookieName = "__Host-opta-form";
const lifeSeconds = 3600;
const options = { path: "/", secure: true, httpOnly: true, sameSite: "lax" } as const;
const nothing: FormMemory = { email: "", name: "", redirectTo: "" };

function parse(value: string): unknown {
	try {
		return JSON.parse(Buffer.from(value, "base64url").toString("utf8"));
	} catch {
		return undefined;
	}
}

/** Reads the memory of a request; whoever sends it can write anything, so it only ever fills fields of the sender's own page. */
export function readFormMemory(cookieHeader: string | null): FormMemory {
	const cookie = parseCookieHeader(cookieHeader).find(({ name }) => name === cookieName);
	return (cookie && formMemorySchema.safeParse(parse(cookie.value)).data) ?? nothing;
}

/** The `Set-Cookie` line that keeps the memory for an hour, on accounts alone. Values that are too long are left out. */
export function keepFormMemory(memory: Partial<FormMemory>): string {
	const kept = formMemorySchema.safeParse(memory).data ?? nothing;
	return serializeCookie(cookieName, Buffer.from(JSON.stringify(kept)).toString("base64url"), { ...options, maxAge: lifeSeconds });
}

/** The `Set-Cookie` line that ends the memory. */
export function dropFormMemory(): string {
	return serializeCookie(cookieName, "", { ...options, maxAge: 0 });
}
