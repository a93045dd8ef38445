import { siteProxy } from "@opta/auth/site-proxy";

/** Brings pages to the site's own name and refuses doubtful requests; who may see what is decided in the data layer. */
export const proxy = siteProxy("admin");

export const config = { matcher: ["/((?!_next/static|_next/image).*)"] };
