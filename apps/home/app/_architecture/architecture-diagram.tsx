import { type Connection, connections, hostFrame, type Part, parts, view } from "./architecture.ts";

function Box({ part }: { readonly part: Part }) {
	const planned = part.state === "planned";
	return (
		<g>
			<rect
				x={part.x}
				y={part.y}
				width={part.width}
				height={part.height}
				rx="3"
				className={planned ? "fill-bg stroke-edge" : "fill-surface stroke-ink"}
				strokeDasharray={planned ? "4 4" : undefined}
			/>
			<text x={part.x + 16} y={part.y + 27} className={`font-mono text-[15px] font-medium ${planned ? "fill-muted" : "fill-ink"}`}>
				{part.title}
			</text>
			<text x={part.x + 16} y={part.y + 48} className="fill-muted font-mono text-[12.5px]">
				{part.detail}
			</text>
		</g>
	);
}

function Wire({ connection }: { readonly connection: Connection }) {
	const planned = connection.state === "planned";
	return (
		<g>
			<path
				d={connection.path}
				className={`fill-none ${planned ? "stroke-edge" : "stroke-accent"}`}
				strokeWidth={planned ? 1 : 1.75}
				strokeDasharray={planned ? "4 4" : undefined}
				markerEnd={planned ? "url(#arrow-planned)" : "url(#arrow-today)"}
			/>
			{connection.label === undefined ? null : (
				<text x={connection.label.x} y={connection.label.y} className="fill-muted font-mono text-[12.5px]">
					{connection.label.text}
				</text>
			)}
		</g>
	);
}

function Arrow({ id, className }: { readonly id: string; readonly className: string }) {
	return (
		<marker id={id} viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
			<path d="M0 .5 8 4 0 7.5Z" className={className} />
		</marker>
	);
}

/** The picture: solid lines run today, dashed ones are planned. The words beside it say the same. */
export function ArchitectureDiagram() {
	return (
		<svg viewBox={`0 0 ${view.width} ${view.height}`} className="hidden w-full lg:block" aria-hidden="true">
			<defs>
				<Arrow id="arrow-today" className="fill-accent" />
				<Arrow id="arrow-planned" className="fill-edge" />
			</defs>
			<rect {...frameRectangle} rx="6" className="fill-raised stroke-line" />
			<text x={hostFrame.x + 32} y={hostFrame.y + hostFrame.height - 24} className="fill-muted font-mono text-[12.5px]">
				{hostFrame.title}
			</text>
			{connections.map((connection) => (
				<Wire key={`${connection.from}-${connection.to}`} connection={connection} />
			))}
			{parts.map((part) => (
				<Box key={part.id} part={part} />
			))}
		</svg>
	);
}

const frameRectangle = { x: hostFrame.x, y: hostFrame.y, width: hostFrame.width, height: hostFrame.height };
