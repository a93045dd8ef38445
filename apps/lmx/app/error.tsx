"use client";

import { ErrorPage } from "@opta/ui/error-page.tsx";

export default function ErrorBoundary({ error, reset }: { readonly error: Error & { digest?: string }; readonly reset: () => void }) {
	return <ErrorPage error={error} retry={reset} />;
}
