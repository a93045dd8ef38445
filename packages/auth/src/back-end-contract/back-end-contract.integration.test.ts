import { describe, it } from "vitest";
import { describeBackEnd } from "./back-end-contract.ts";
import { openEmbeddedBackEnd } from "./embedded-back-end.ts";
import { hostedTestProject } from "./env.ts";
import { openHostedBackEnd } from "./hosted-back-end.ts";

describeBackEnd("embedded Supabase", openEmbeddedBackEnd);

const project = hostedTestProject();
if (project === null) {
	describe("hosted Supabase", () => {
		it.skip("needs OPTA_TEST_SUPABASE_URL, …_PUBLISHABLE_KEY and …_SECRET_KEY of a project with the migrations", () => undefined);
	});
} else {
	describeBackEnd("hosted Supabase", () => openHostedBackEnd(project));
}
