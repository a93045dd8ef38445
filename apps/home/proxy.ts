import { siteProxy } from "@opta/auth/site-proxy";

/** Brings pages to the site's own name and refuses doubtful requests; every page here is public. */
export const proxy = siteProxy("home");

export const config = { matcher: ["/((?!_next/static|_next/image).*)"] };
