/** Longest display name, in characters as people count them. */
export const longestNameCharacters = 80;
