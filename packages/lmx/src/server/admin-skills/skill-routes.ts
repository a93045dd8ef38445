import { skillListSchema } from "@opta/contracts/schema/lmx-skills";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import type { SkillFolder } from "../../skills/skill-folder.ts";

/** `GET /admin/skills`: the skills of this host, which requests use as `skill:<name>`, and the files that are none. */
export function skillRoutes(skills: Pick<SkillFolder, "list">): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		app.get("/admin/skills", { schema: { summary: "List the skills", response: { 200: skillListSchema } } }, () => skills.list());
		done();
	};
}
