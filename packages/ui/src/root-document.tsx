import type { SiteName } from "@opta/contracts/sites";
import type { ReactNode } from "react";
import { siteAddressing } from "./addressing.ts";
import { AddressingProvider } from "./addressing-provider.tsx";
import { brandIcon } from "./brand-mark.tsx";
import { SiteFooter } from "./site-footer.tsx";
import { SiteHeader } from "./site-header.tsx";
import { themeScript } from "./theme-preference.ts";

interface RootDocumentProps {
	readonly site: SiteName;
	/** Of the response's policy, where it has one. */
	readonly nonce?: string | undefined;
	readonly children: ReactNode;
}

/** The whole document around a page: theme before the first paint, skip link, header, main region, footer. */
export function RootDocument({ site, nonce, children }: RootDocumentProps) {
	return (
		<html lang="en" suppressHydrationWarning>
			{/* biome-ignore lint/style/noHeadElement: the theme script has to stand in the head of the root layout */}
			<head>
				<meta name="color-scheme" content="light dark" />
				<link rel="icon" href={brandIcon} />
				{/* biome-ignore lint/security/noDangerouslySetInnerHtml: constant text that has to run before the first paint */}
				<script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: themeScript }} />
			</head>
			<body className="flex min-h-dvh flex-col">
				<a
					href="#main"
					className="sr-only z-30 rounded-md bg-accent font-mono text-sm text-accent-ink focus:not-sr-only focus:absolute focus:top-3 focus:left-3 focus:px-4 focus:py-2"
				>
					Skip to content
				</a>
				<AddressingProvider site={site} addressing={siteAddressing()}>
					<SiteHeader site={site} />
					<main id="main" tabIndex={-1} className="flex-1 outline-none">
						{children}
					</main>
					<SiteFooter />
				</AddressingProvider>
			</body>
		</html>
	);
}
