"use client";

import type { AnchorHTMLAttributes, MouseEvent } from "react";
import { goTo } from "./sessions-query.ts";

interface PlaceLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
	readonly href: string;
}

/** A link to another view of the same page; opened elsewhere, as with Ctrl, it is a link as any. */
export function PlaceLink({ href, ...rest }: PlaceLinkProps) {
	function onClick(event: MouseEvent): void {
		if (event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
			event.preventDefault();
			goTo(href);
		}
	}
	return <a {...rest} href={href} onClick={onClick} />;
}
