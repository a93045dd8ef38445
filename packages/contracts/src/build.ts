/** Version of this platform's build and of the interfaces it speaks. */
export const build = "0.1.0";

/** The interface versions that every process states. */
export const api = { lmx: 1, daemon: 3, gateway: 3 } as const;
