import type { DataSource } from "@opta/auth/data-client";
import { createDataClientFor } from "@opta/auth/data-client";
import type { SignedInSession } from "@opta/auth/session";
import { type HostRole, hostRoles } from "@opta/contracts/roles";
import { z } from "zod";
import { type Read, readFailure } from "./read.ts";

const profileSchema = z.object({ display_name: z.string().nullable(), picture_url: z.string().nullable() });
const membershipSchema = z.object({ host_id: z.string(), role: z.enum(hostRoles) });
const hostSchema = z.object({ id: z.string(), name: z.string() });

/** How a person is shown. */
export interface Profile {
	readonly name: string;
	readonly pictureUrl: string | null;
}

/** What the account page shows. */
export interface Account extends Profile {
	readonly hosts: readonly { readonly id: string; readonly name: string; readonly role: HostRole }[];
	readonly isPlatformAdmin: boolean;
}

/** Pictures come over https or not at all. */
function safePicture(url: string | null): string | null {
	return url !== null && URL.canParse(url) && new URL(url).protocol === "https:" ? url : null;
}

function toProfile(data: unknown, email: string): Profile {
	const row = profileSchema.nullable().safeParse(data).data ?? null;
	const name = row?.display_name?.trim() || (email.split("@")[0] ?? "") || "You";
	return { name, pictureUrl: safePicture(row?.picture_url ?? null) };
}

type Person = Pick<SignedInSession, "user" | "accessToken">;

/** Reads how a person is shown. */
export async function readProfile(source: DataSource, { user, accessToken }: Person): Promise<Read<Profile>> {
	const data = createDataClientFor(source, accessToken);
	const answer = await data.from("profiles").select("display_name,picture_url").eq("id", user.id).maybeSingle();
	return readFailure(answer) ?? { state: "ok", value: toProfile(answer.data, user.email) };
}

/** Reads what the account page shows, each part under the person's own rights. */
export async function readAccount(source: DataSource, { user, accessToken }: Person): Promise<Read<Account>> {
	const data = createDataClientFor(source, accessToken);
	const [profile, memberships, hosts, admin] = await Promise.all([
		data.from("profiles").select("display_name,picture_url").eq("id", user.id).maybeSingle(),
		data.from("host_members").select("host_id,role").eq("user_id", user.id),
		data.from("hosts").select("id,name"),
		data.from("platform_admins").select("user_id").eq("user_id", user.id).maybeSingle(),
	]);
	const failed = readFailure(profile) ?? readFailure(memberships) ?? readFailure(hosts) ?? readFailure(admin);
	if (failed !== null) {
		return failed;
	}
	const names = new Map(
		z
			.array(hostSchema)
			.parse(hosts.data)
			.map(({ id, name }) => [id, name]),
	);
	const roles = z.array(membershipSchema).parse(memberships.data);
	return {
		state: "ok",
		value: {
			...toProfile(profile.data, user.email),
			hosts: roles.map(({ host_id: id, role }) => ({ id, role, name: names.get(id) ?? id })),
			isPlatformAdmin: admin.data !== null,
		},
	};
}

/** Writes a person's display name. */
export async function renamePerson(source: DataSource, { user, accessToken }: Person, name: string): Promise<Read<null>> {
	const data = createDataClientFor(source, accessToken);
	const answer = await data.from("profiles").update({ display_name: name }).eq("id", user.id);
	return readFailure(answer) ?? { state: "ok", value: null };
}
