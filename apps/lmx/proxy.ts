import { siteProxy } from "@opta/auth/site-proxy";

/** Brings pages to the site's own name and refuses doubtful requests; what is allowed is decided in pages and routes. */
export const proxy = siteProxy("lmx");

export const config = { matcher: ["/((?!_next/static|_next/image).*)"] };
