/** The environment this process was given. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
