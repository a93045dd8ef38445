import "./globals.css";
import { RootDocument } from "@opta/ui/root-document.tsx";
import { siteMetadata } from "@opta/ui/site-metadata.ts";
import type { ReactNode } from "react";

/** Every page depends on who asks, and none is made at build time, when no environment is there. */
export const dynamic = "force-dynamic";

export const metadata = { ...siteMetadata("lmx"), robots: { index: false } };

export default function Layout({ children }: { readonly children: ReactNode }) {
	return <RootDocument site="lmx">{children}</RootDocument>;
}
