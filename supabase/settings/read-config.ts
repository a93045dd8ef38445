import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { z } from "zod";
import { StartError } from "../start-error.ts";

/** The folder of config.toml, migrations and templates. */
export const supabaseFolder = fileURLToPath(new URL("..", import.meta.url));

const templateSchema = z.object({ subject: z.string().min(1), content_path: z.string().min(1) });

const configSchema = z.object({
	api: z.object({ schemas: z.array(z.string()).min(1), extra_search_path: z.array(z.string()), max_rows: z.int().positive() }),
	auth: z.object({
		additional_redirect_urls: z.array(z.url()),
		jwt_expiry: z.int().positive(),
		enable_refresh_token_rotation: z.boolean(),
		refresh_token_reuse_interval: z.int().nonnegative(),
		enable_signup: z.boolean(),
		enable_anonymous_sign_ins: z.boolean(),
		enable_manual_linking: z.boolean(),
		minimum_password_length: z.int().min(8),
		password_requirements: z.string(),
		email: z.object({
			enable_signup: z.boolean(),
			enable_confirmations: z.literal(true, { error: "must be true: an address that nobody confirmed belongs to nobody" }),
			double_confirm_changes: z.boolean(),
			secure_password_change: z.boolean(),
			max_frequency: z.string(),
			otp_length: z.int().min(6),
			otp_expiry: z.int().positive().max(600),
			template: z.object({
				confirmation: templateSchema,
				recovery: templateSchema,
				magic_link: templateSchema,
				email_change: templateSchema,
			}),
		}),
	}),
});

/** The parts of config.toml that the embedded platform uses, with the names that Supabase gives them. */
export type SupabaseConfig = z.infer<typeof configSchema>;

/** Parses and checks the text of config.toml. Throws `StartError` naming the first value that is wrong. */
export function parseConfig(text: string, file = "supabase/config.toml"): SupabaseConfig {
	let value: unknown;
	try {
		value = parse(text);
	} catch (error) {
		const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
		throw new StartError(`${file} is not TOML: ${reason}`);
	}
	const parsed = configSchema.safeParse(value);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw new StartError(`${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is wrong"}`);
	}
	return parsed.data;
}

/** Reads this repository's config.toml; paths of mail templates come back absolute. */
export async function readConfig(): Promise<SupabaseConfig> {
	const config = parseConfig(await readFile(path.join(supabaseFolder, "config.toml"), "utf8"));
	const repositoryRoot = path.join(supabaseFolder, "..");
	for (const template of Object.values(config.auth.email.template)) {
		template.content_path = path.join(repositoryRoot, template.content_path);
	}
	return config;
}
