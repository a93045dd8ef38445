// Waits for the next mail and shows the new list in place; without it the page works, and is reloaded by hand.
const after = document.currentScript?.dataset.after ?? "";

async function watch(newest) {
	try {
		const response = await fetch(`/api/messages?after=${newest}&waitMs=20000`);
		if (!response.ok) {
			throw new Error(`The mailbox answered ${response.status}.`);
		}
		const [mail] = (await response.json()).messages;
		if (mail === undefined) {
			return watch(newest);
		}
		const page = new DOMParser().parseFromString(await (await fetch("/")).text(), "text/html");
		const focused = document.activeElement?.getAttribute("href");
		for (const selector of ["title", "#main"]) {
			const [here, there] = [document.querySelector(selector), page.querySelector(selector)];
			if (here !== null && there !== null) {
				here.replaceChildren(...there.childNodes);
			}
		}
		if (focused) {
			document.querySelector(`main a[href="${focused}"]`)?.focus();
		}
		return watch(mail.id);
	} catch {
		// The platform stopped or restarts: asks again until it is back.
		setTimeout(watch, 3000, newest);
	}
}

watch(after);
