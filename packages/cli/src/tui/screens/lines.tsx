import { Text, useCursor } from "ink";
import type { ReactElement } from "react";
import type { Drawing } from "../draw/draw-state.ts";

/** Lines that are already broken and marked. */
export function Lines({ lines }: { readonly lines: readonly string[] }): ReactElement {
	return <Text wrap="truncate-end">{lines.join("\n")}</Text>;
}

/** A drawing, with the terminal's own cursor where it belongs: input methods show their candidates there. */
export function DrawingView({ drawing }: { readonly drawing: Drawing }): ReactElement {
	const { setCursorPosition } = useCursor();
	setCursorPosition(drawing.cursor ?? undefined);
	return <Lines lines={drawing.lines} />;
}
