import "./lan.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createLanPlace, hostNameOf, pageOfQuery } from "./lan-place.ts";
import { LanShell } from "./lan-shell.tsx";

const root = document.getElementById("root");
if (root === null) {
	throw new Error("index.html has no element with the id root.");
}
createRoot(root).render(
	<StrictMode>
		<LanShell place={createLanPlace(hostNameOf(window.location.hostname))} page={pageOfQuery(window.location.search)} />
	</StrictMode>,
);
