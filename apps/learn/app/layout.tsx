import "./globals.css";
import { RootDocument } from "@opta/ui/root-document.tsx";
import { siteMetadata } from "@opta/ui/site-metadata.ts";
import type { ReactNode } from "react";

export const metadata = siteMetadata("learn");

export default function Layout({ children }: { readonly children: ReactNode }) {
	return <RootDocument site="learn">{children}</RootDocument>;
}
