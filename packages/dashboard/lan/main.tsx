import "./lan.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { KeyForm } from "./key-form.tsx";
import { createLanPlace, hostNameOf, pageOfQuery } from "./lan-place.ts";
import { LanShell } from "./lan-shell.tsx";
import { createTabKey } from "./tab-key.ts";

const root = document.getElementById("root");
if (root === null) {
	throw new Error("index.html has no element with the id root.");
}
const tabKey = createTabKey(() => window.sessionStorage);
const place = createLanPlace({
	hostName: hostNameOf(window.location.hostname),
	hostKey: tabKey,
	signIn: { kind: "key", form: (problem) => <KeyForm {...problem} tabKey={tabKey} /> },
});
createRoot(root).render(
	<StrictMode>
		<LanShell place={place} tabKey={tabKey} page={pageOfQuery(window.location.search)} />
	</StrictMode>,
);
