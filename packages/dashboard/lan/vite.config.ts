import { fileURLToPath } from "node:url";
import { themeScript } from "@opta/ui/theme-preference.ts";
import tailwindcss from "@tailwindcss/postcss";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** The script that sets the theme before the first paint, as a file: the server's policy allows no inline scripts. */
function themeFile(): Plugin {
	return {
		name: "theme-file",
		transformIndexHtml: { order: "post", handler: () => [{ tag: "script", attrs: { src: "/theme.js" }, injectTo: "head-prepend" }] },
		generateBundle() {
			this.emitFile({ type: "asset", fileName: "theme.js", source: themeScript });
		},
		configureServer(server) {
			server.middlewares.use("/theme.js", (_request, response) => {
				response.setHeader("content-type", "text/javascript");
				response.end(themeScript);
			});
		},
	};
}

/** Builds the dashboard that LMX serves at `/`: plain files, no inline script, everything from the same origin. */
export default defineConfig({
	root: fileURLToPath(new URL(".", import.meta.url)),
	plugins: [react(), themeFile()],
	css: { postcss: { plugins: [tailwindcss()] } },
	build: {
		outDir: fileURLToPath(new URL("../dist", import.meta.url)),
		emptyOutDir: true,
		target: "es2024",
		modulePreload: { polyfill: false },
	},
});
