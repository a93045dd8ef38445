import { isSignedToken } from "@opta/contracts/pass";
import type { HeaderLines } from "./admission-rules.ts";

/** The pass of a header that holds nothing else. Null unless it came exactly once: two may mean different things to different programs. */
export function singlePass(lines: HeaderLines[string]): string | null {
	const [value, ...more] = lines ?? [];
	return value !== undefined && more.length === 0 && isSignedToken(value) ? value : null;
}

/** Takes the pass out of the `Authorization` headers of a request (RFC 6750 §2.1); null as in `singlePass`. */
export function bearerPass(authorization: HeaderLines[string]): string | null {
	const [value, ...more] = authorization ?? [];
	return more.length === 0 ? singlePass(/^Bearer (\S+)$/i.exec(value ?? "")?.slice(1)) : null;
}
