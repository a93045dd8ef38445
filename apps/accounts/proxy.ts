import { siteProxy } from "@opta/auth/site-proxy";
import { contentPolicy } from "./content-policy.ts";
import { isDevelopment } from "./start/env.ts";

/** Brings pages to the site's own name and refuses doubtful requests; what is allowed is decided in pages and routes. */
export const proxy = siteProxy("accounts", (addressing, path, nonce) => contentPolicy(addressing, path, nonce, isDevelopment()));

export const config = { matcher: ["/((?!_next/static|_next/image).*)"] };
