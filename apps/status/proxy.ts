import { siteProxy } from "@opta/auth/site-proxy";

export const proxy = siteProxy("status");

export const config = { matcher: ["/((?!_next/static|_next/image).*)"] };
