import { Notice } from "@opta/ui/notice.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import type { ReactNode } from "react";
import type { FormMessage } from "./form-error.ts";

interface FormPageProps {
	readonly title: string;
	readonly lead: ReactNode;
	/** What went wrong with the form as a whole; messages about one field stand at the field. */
	readonly message?: FormMessage | null;
	readonly children: ReactNode;
}

/** A page with one narrow column: heading, what went wrong, the form. */
export function FormPage({ title, lead, message = null, children }: FormPageProps) {
	return (
		<div className="frame pb-24">
			<PageHeader title={title} lead={lead} />
			<div className="max-w-md space-y-6">
				{message === null || message.field !== null ? null : (
					<Notice tone="bad" title={message.title}>
						<p>{message.advice}</p>
					</Notice>
				)}
				{children}
			</div>
		</div>
	);
}

/** The text for a field that a message is about. */
export function fieldError(message: FormMessage | null, field: FormMessage["field"]): string | undefined {
	return message !== null && message.field === field ? `${message.title}. ${message.advice}` : undefined;
}
