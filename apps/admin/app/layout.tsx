import "./globals.css";
import { RootDocument } from "@opta/ui/root-document.tsx";
import { siteMetadata } from "@opta/ui/site-metadata.ts";
import type { ReactNode } from "react";

export const metadata = siteMetadata("admin");

export default function Layout({ children }: { readonly children: ReactNode }) {
	return <RootDocument site="admin">{children}</RootDocument>;
}
