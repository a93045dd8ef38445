import { buttonClassName } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import { type ReactNode, Suspense } from "react";
import { requireAdmin } from "./_data/require-admin.ts";
import { HostTable } from "./_registry/host-table.tsx";
import { SiteTable } from "./_registry/site-table.tsx";
import { Totals } from "./_registry/totals.tsx";

export const dynamic = "force-dynamic";

function Part({ id, title, children }: { readonly id: string; readonly title: string; readonly children: ReactNode }) {
	return (
		<section aria-labelledby={id} className="mt-12">
			<h2 id={id} className="mb-4 text-xl font-semibold tracking-tight">
				{title}
			</h2>
			{children}
		</section>
	);
}

function Waiting({ label }: { readonly label: string }) {
	return (
		<div className="rounded-lg border border-line bg-surface p-5">
			<Spinner label={label} showLabel />
		</div>
	);
}

export default async function AdminPage() {
	const admin = await requireAdmin();
	return (
		<div className="frame pb-24">
			<PageHeader
				title="Platform"
				lead="Every site, host and account of this platform, asked just now."
				actions={
					<a href="/" className={buttonClassName("secondary")}>
						Ask again
					</a>
				}
			/>
			{admin.ok ? (
				<>
					<div className="grid grid-cols-2 gap-6 border-y border-line py-6 md:grid-cols-4">
						<Suspense fallback={<Spinner label="Counting" showLabel />}>
							<Totals />
						</Suspense>
					</div>
					<Part id="sites" title="Website registry">
						<Suspense fallback={<Waiting label="Asking the eight sites" />}>
							<SiteTable />
						</Suspense>
					</Part>
					<Part id="hosts" title="Inference hosts">
						<Suspense fallback={<Waiting label="Reading the hosts" />}>
							<HostTable />
						</Suspense>
					</Part>
				</>
			) : (
				<Notice tone="bad" title="Whether you are an administrator could not be read">
					{admin.message}
				</Notice>
			)}
		</div>
	);
}
