import { z } from "zod";
import type { HubFile } from "./choose-files.ts";
import { DownloadFailure } from "./download-failure.ts";
import { followRequest, type Hub } from "./follow-request.ts";

/** No list of a repository is longer than this. */
const maxAnswerBytes = 16 * 1024 * 1024;
const maxPages = 50;

const repositorySchema = z.object({
	sha: z.string().regex(/^[0-9a-f]{40}$/),
	cardData: z.object({ license: z.union([z.string(), z.array(z.string())]).nullish() }).nullish(),
});

const treeSchema = z.array(
	z.object({
		type: z.string(),
		path: z.string(),
		size: z.int().min(0),
		oid: z.string(),
		lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) }).nullish(),
	}),
);

/** A repository at one commit. */
export interface HubListing {
	/** Commit, so that all files are of the same moment. */
	readonly revision: string;
	readonly licence: string | null;
	readonly files: readonly HubFile[];
}

async function getJson<T>(hub: Hub, url: URL, schema: z.ZodType<T>, signal: AbortSignal): Promise<{ value: T; link: string }> {
	const { body, headers } = await followRequest(hub, url, { headers: { accept: "application/json" }, signal });
	const pieces: Buffer[] = [];
	let bytes = 0;
	for await (const piece of body) {
		bytes += piece.length;
		if (bytes > maxAnswerBytes) {
			throw new DownloadFailure("host_unreachable", `${url.host} sends a list that is too long.`);
		}
		pieces.push(piece);
	}
	const text = Buffer.concat(pieces).toString("utf8");
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	const parsed = schema.safeParse(json);
	if (!parsed.success) {
		throw new DownloadFailure("host_unreachable", `${url.host} does not answer as Hugging Face does to ${url.pathname}.`);
	}
	return { value: parsed.data, link: typeof headers.link === "string" ? headers.link : "" };
}

/** The next page of a list (RFC 8288); only of the hub itself. */
function nextPage(link: string, hub: Hub): URL | null {
	const address = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link)?.[1];
	const url = address !== undefined && URL.canParse(address, hub.origin) ? new URL(address, hub.origin) : null;
	return url?.origin === hub.origin ? url : null;
}

/** Asks the hub what a repository holds at a branch, tag or commit (Hugging Face Hub API: model info and tree). */
export async function listRepository(hub: Hub, repository: string, revision: string, signal: AbortSignal): Promise<HubListing> {
	const info = await getJson(
		hub,
		new URL(`/api/models/${repository}/revision/${encodeURIComponent(revision)}`, hub.origin),
		repositorySchema,
		signal,
	);
	const { sha, cardData } = info.value;
	const files: HubFile[] = [];
	let page: URL | null = new URL(`/api/models/${repository}/tree/${sha}?recursive=true`, hub.origin);
	for (let pages = 0; page !== null && pages < maxPages; pages++) {
		const { value, link } = await getJson(hub, page, treeSchema, signal);
		for (const { type, path, size, oid, lfs } of value) {
			if (type === "file") {
				files.push({ path, bytes: lfs?.size ?? size, sha256: lfs?.oid ?? null, gitSha1: lfs == null ? oid : null });
			}
		}
		page = nextPage(link, hub);
	}
	const licence = cardData?.license;
	return { revision: sha, licence: Array.isArray(licence) ? licence.join(", ") : (licence ?? null), files };
}
