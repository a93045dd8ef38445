import { describe, expect, it } from "vitest";
import { connections, hostFrame, type Part, partById, parts, view } from "./architecture.ts";

function touches(a: Part, b: Part): boolean {
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** True when the point lies on the edge of the part. */
function onEdge(part: Part, x: number, y: number): boolean {
	const inside = x >= part.x && x <= part.x + part.width && y >= part.y && y <= part.y + part.height;
	return inside && (x === part.x || x === part.x + part.width || y === part.y || y === part.y + part.height);
}

function ends(path: string): [number, number, number, number] {
	const start = /^M(\d+) (\d+)/.exec(path);
	let [x, y] = [Number(start?.[1]), Number(start?.[2])];
	const [fromX, fromY] = [x, y];
	for (const [, axis, value] of path.matchAll(/([HV])(\d+)/g)) {
		if (axis === "H") {
			x = Number(value);
		} else {
			y = Number(value);
		}
	}
	return [fromX, fromY, x, y];
}

describe("the picture of the platform", () => {
	it("keeps every part inside the view and apart from the others", () => {
		for (const part of parts) {
			expect(part.x + part.width, part.id).toBeLessThanOrEqual(view.width);
			expect(part.y + part.height, part.id).toBeLessThanOrEqual(view.height);
			expect(
				parts.filter((other) => other !== part && touches(part, other)),
				part.id,
			).toEqual([]);
		}
	});

	it("draws every connection from the edge of one part to the edge of the other", () => {
		for (const { from, to, path } of connections) {
			const [fromX, fromY, toX, toY] = ends(path);
			expect(onEdge(partById(from), fromX, fromY), `${from} → ${to}`).toBe(true);
			expect(onEdge(partById(to), toX, toY), `${from} → ${to}`).toBe(true);
		}
	});

	it("claims no connection for today whose ends are not both there today", () => {
		for (const { from, to, state } of connections) {
			const both = partById(from).state === "today" && partById(to).state === "today";
			expect(state, `${from} → ${to}`).toBe(both ? "today" : "planned");
		}
	});

	it("puts door, engine, gateway, models and bots on the host, and nothing else", () => {
		const onHost = parts.filter((part) => part.x >= hostFrame.x && part.y >= hostFrame.y).map((part) => part.id);
		expect(onHost).toEqual(["door", "lmx", "gateway", "models", "bots"]);
	});
});
