"use client";

import { siteUrl } from "@opta/contracts/site-url";
import PairPage from "@opta/dashboard/pair-page.tsx";
import { createHostClient } from "@opta/host-client/host-client";
import { useSiteAddressing } from "@opta/ui/addressing-provider.tsx";
import { useMemo } from "react";
import { recoverSession } from "./recover-session.ts";

/** The page for adding a host, on this site. */
export function SitePairPage() {
	const addressing = useSiteAddressing();
	const client = useMemo(() => {
		const sessionUrl = siteUrl(addressing, "accounts", "/api/session");
		return createHostClient({ baseUrl: "/api", recoverSession: () => recoverSession(sessionUrl) });
	}, [addressing]);
	return (
		<PairPage
			findHosts={() => client.findHosts()}
			claimHref={siteUrl(addressing, "accounts", "/hosts/claim")}
			setUpHref={siteUrl(addressing, "init", "/")}
		/>
	);
}
