/** How Node runs a daemon: it idles for days, so young objects get little room before they are collected. */
export const daemonNodeFlags = ["--max-semi-space-size=2"] as const;
