import { backEndCapabilities } from "@opta/auth/back-end-capabilities";
import { ButtonLink } from "@opta/ui/button.tsx";
import { DataTable } from "@opta/ui/data-table.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import type { Metadata } from "next";
import { type Capability, differenceInWords, differences } from "../../diagnostics/differences.ts";
import { requirePlatformAdmin } from "../../diagnostics/require-platform-admin.ts";
import { runChecks } from "../../diagnostics/run-checks.ts";
import { accountsContext } from "../../env.ts";

export const metadata: Metadata = { title: "Diagnostics" };

const stateWords = { ok: "ok", warn: "look at it", bad: "broken", none: "not known" } as const;

export default async function DiagnosticsPage() {
	const session = await requirePlatformAdmin();
	const context = accountsContext();
	const capabilities = backEndCapabilities(context.configuration);
	const checks = await runChecks(context, session.accessToken);
	const capabilityNames = Object.keys(differences) as Capability[];
	return (
		<div className="frame pb-24">
			<PageHeader
				title="Diagnostics"
				lead={`What accounts depends on, looked at just now. The back end is ${capabilities.name}.`}
				actions={
					<ButtonLink href="/diagnostics" variant="secondary">
						Look again
					</ButtonLink>
				}
			/>
			<div className="space-y-8">
				<DataTable
					caption="Checks"
					columns={["What", "State", "Found"]}
					rows={checks.map(({ what, state, words }) => ({
						key: what,
						cells: [what, <StateMark key="state" state={state} label={stateWords[state]} />, words],
					}))}
				/>
				<DataTable
					caption="Where back ends differ, and what this one does"
					columns={["What", "Here"]}
					rows={capabilityNames.map((name) => ({ key: name, cells: [differences[name].what, differenceInWords(capabilities, name)] }))}
				/>
			</div>
		</div>
	);
}
