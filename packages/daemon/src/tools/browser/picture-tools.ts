import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { defineTool, type Tool } from "../tool.ts";
import { withBrowser } from "./browser-outcome.ts";
import { comparePictures } from "./compare-pictures.ts";
import { openPage } from "./page-tools.ts";
import type { SessionBrowsers } from "./session-browsers.ts";

/** Pictures that a session keeps. */
const maxPictures = 200;
/** Of a whole page, the height that is kept. */
const maxHeight = 4000;
const defaultThreshold = 0.1;

const pictureName = z
	.string()
	.regex(/^[a-z0-9][a-z0-9_-]{0,59}$/)
	.describe("Letters, digits, - and _: login-page.");

async function save(folder: string, name: string, picture: Buffer): Promise<string> {
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const file = path.join(folder, `${name}.png`);
	const known = await readdir(folder);
	if (known.length >= maxPictures && !known.includes(`${name}.png`)) {
		throw new Error(`The session keeps ${maxPictures} pictures already. Use a name again.`);
	}
	await writeFile(file, picture, { mode: 0o600 });
	return file;
}

async function load(folder: string, name: string): Promise<Buffer> {
	try {
		return await readFile(path.join(folder, `${name}.png`));
	} catch {
		throw new Error(`There is no picture "${name}". Take it with browser_screenshot.`);
	}
}

/** `browser_screenshot` and `browser_diff`. `folderOf` is where a session's pictures are kept. */
export function pictureTools(browsers: SessionBrowsers, folderOf: (sessionId: string) => string): readonly Tool[] {
	return [
		defineTool({
			name: "browser_screenshot",
			description:
				"Takes a picture of the open page and keeps it under a name, for people and for browser_diff. What is on the page you read with browser_read.",
			kind: "interact",
			input: z.strictObject({ name: pictureName, fullPage: z.boolean().default(false) }),
			access: ({ name }) => ({ title: `Take the picture ${name}`, subjects: [name], alwaysPatterns: ["*"] }),
			run: ({ name, fullPage }, context) =>
				withBrowser(browsers, context, false, async (browser) => {
					const page = openPage(browser);
					await browser.settle(page);
					const { width, height } = page.viewportSize() ?? { width: 1280, height: 720 };
					const whole = fullPage ? await page.locator("html").boundingBox() : null;
					const clip = { x: 0, y: 0, width, height: Math.min(Math.max(height, Math.ceil(whole?.height ?? height)), maxHeight) };
					const picture = await page.screenshot({ animations: "disabled", caret: "hide", fullPage, clip });
					const file = await save(folderOf(context.sessionId), name, picture);
					return `Kept as ${name}: ${clip.width}×${clip.height} pixels, ${page.url()}, in ${file}`;
				}),
		}),
		defineTool({
			name: "browser_diff",
			description:
				"Compares two pictures that were taken with browser_screenshot: how much differs and where. Keeps a picture of the differences.",
			kind: "interact",
			input: z.strictObject({
				before: pictureName,
				after: pictureName,
				threshold: z.number().min(0).max(1).default(defaultThreshold).describe("0 sees every difference of colour, 1 none."),
			}),
			access: ({ before, after }) => ({
				title: `Compare the pictures ${before} and ${after}`,
				subjects: [before, after],
				alwaysPatterns: ["*"],
			}),
			run: async ({ before, after, threshold }, { sessionId }) => {
				try {
					const folder = folderOf(sessionId);
					const { differing, total, area, picture } = await comparePictures(
						await load(folder, before),
						await load(folder, after),
						threshold,
					);
					if (area === null) {
						return { ok: true, output: "The pictures look the same." };
					}
					const file = await save(folder, "last-difference", picture);
					const share = ((differing / total) * 100).toFixed(2);
					const where = `from ${area.left},${area.top} to ${area.right},${area.bottom}`;
					return { ok: true, output: `${differing} of ${total} pixels differ (${share} %), ${where}. Shown in ${file}` };
				} catch (error) {
					return { ok: false, output: error instanceof Error ? error.message : String(error) };
				}
			},
		}),
	];
}
