/** Name of the session cookie on every site; long values are split into `<name>.0`, `<name>.1`, …. */
export const sessionCookieName = "__Secure-opta-session";
