import { account } from "./account.ts";
import { agent } from "./agent.ts";
import { api } from "./api.ts";
import { commands } from "./commands.ts";
import { network } from "./network.ts";
import { privacy } from "./privacy.ts";
import { settings } from "./settings.ts";
import type { Topic } from "./topic.ts";
import { troubleshooting } from "./troubleshooting.ts";

/** Every page of the reference, in reading order. */
export const topics: readonly Topic[] = [commands, agent, network, settings, account, api, troubleshooting, privacy];

/** Finds a page by its path. */
export function topicBySlug(slug: string): Topic | undefined {
	return topics.find((topic) => topic.slug === slug);
}
