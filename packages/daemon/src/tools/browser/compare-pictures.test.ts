import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { comparePictures } from "./compare-pictures.ts";

/** A white picture with black pixels at these places. */
function picture(width: number, height: number, ...black: readonly (readonly [number, number])[]): Buffer {
	const png = new PNG({ width, height });
	png.data.fill(255);
	for (const [x, y] of black) {
		png.data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
	}
	return PNG.sync.write(png);
}

test("the same picture has no differences", async () => {
	expect(await comparePictures(picture(8, 8, [1, 1]), picture(8, 8, [1, 1]), 0.1)).toMatchObject({ differing: 0, area: null });
});

test("differences are counted and their rectangle is told", async () => {
	const { differing, total, area } = await comparePictures(picture(20, 10), picture(20, 10, [2, 3], [15, 7]), 0.1);
	expect({ differing, total, area }).toEqual({ differing: 2, total: 200, area: { left: 2, top: 3, right: 15, bottom: 7 } });
});

test("pictures of different sizes are told with their sizes", async () => {
	await expect(comparePictures(picture(8, 8), picture(8, 9), 0.1)).rejects.toThrow("8×8 and 8×9");
});
