import { z } from "zod";

/** The part of a `vercel.json` that this server applies: headers by path pattern. */
export const vercelConfigSchema = z.object({
	headers: z.array(z.object({ source: z.string(), headers: z.array(z.object({ key: z.string(), value: z.string() })) })).default([]),
});

/** Headers by path pattern, as `vercel.json` has them. */
export type VercelConfig = z.infer<typeof vercelConfigSchema>;

/** Turns a pattern such as `/(.*)` or `/_next/static/:path*` into an expression over the whole path. */
export function sourceToRegExp(source: string): RegExp {
	const pattern = source.replace(/:[A-Za-z]+\*/g, ".*").replace(/:[A-Za-z]+/g, "[^/]+");
	return new RegExp(`^${pattern}$`);
}

/** Every header that a path gets; a later rule wins over an earlier one. */
export function headersForPath(config: VercelConfig, path: string): Record<string, string> {
	const result: Record<string, string> = {};
	for (const rule of config.headers) {
		if (sourceToRegExp(rule.source).test(path)) {
			for (const { key, value } of rule.headers) {
				result[key.toLowerCase()] = value;
			}
		}
	}
	return result;
}
