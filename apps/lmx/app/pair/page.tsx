import { requireUser } from "@opta/auth/require-user";
import type { Metadata } from "next";
import { SitePairPage } from "../../dashboard/site-pair-page.tsx";

export const metadata: Metadata = { title: "Add a host" };

export default async function Page() {
	await requireUser();
	return <SitePairPage />;
}
