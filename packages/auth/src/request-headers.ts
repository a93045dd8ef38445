/** Set by `siteProxy` on every request that it lets through: the absolute address of the page asked for. */
export const hereHeader = "x-opta-here";

/** Set by `siteProxy` where a site has a policy with nonces: the nonce that this response's own scripts carry. */
export const nonceHeader = "x-opta-nonce";
