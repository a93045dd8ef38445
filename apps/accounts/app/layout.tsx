import "./globals.css";
import { nonceHeader } from "@opta/auth/request-headers";
import { RootDocument } from "@opta/ui/root-document.tsx";
import { siteMetadata } from "@opta/ui/site-metadata.ts";
import { headers } from "next/headers";
import type { ReactNode } from "react";

/** Every page depends on who asks, and none is made at build time, when no environment is there. */
export const dynamic = "force-dynamic";

export const metadata = { ...siteMetadata("accounts"), robots: { index: false } };

export default async function Layout({ children }: { readonly children: ReactNode }) {
	const nonce = (await headers()).get(nonceHeader) ?? undefined;
	return (
		<RootDocument site="accounts" nonce={nonce}>
			{children}
		</RootDocument>
	);
}
