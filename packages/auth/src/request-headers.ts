/** Set by `siteProxy` on every request that it lets through: the absolute address of the page asked for. */
export const hereHeader = "x-opta-here";
