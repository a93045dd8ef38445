import { sparklinePath } from "./sparkline-path.ts";

const frame = { width: 240, height: 48 };

interface SparklineProps {
	readonly values: readonly number[];
	/** How many values fill the width. */
	readonly slots: number;
}

/** A small line of recent values. It is decoration: the number beside it says the same. */
export function Sparkline({ values, slots }: SparklineProps) {
	const line = sparklinePath(values, { ...frame, slots });
	return (
		<svg
			viewBox={`0 -2 ${frame.width} ${frame.height + 4}`}
			preserveAspectRatio="none"
			className="h-14 w-full overflow-visible"
			aria-hidden="true"
		>
			<path d={`M0 ${frame.height}H${frame.width}`} className="stroke-line" vectorEffect="non-scaling-stroke" />
			<path d={line} className="fill-none stroke-accent" strokeWidth="1.5" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
		</svg>
	);
}
