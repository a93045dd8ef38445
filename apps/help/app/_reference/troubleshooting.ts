import { defaultPorts } from "@opta/contracts/ports";
import type { Topic } from "./topic.ts";

/** What goes wrong, and what to do. */
export const troubleshooting: Topic = {
	slug: "troubleshooting",
	title: "When something is wrong",
	summary: "Symptoms, causes, and the way out",
	sections: [
		{
			id: "port-taken",
			title: "A port is already in use",
			blocks: [
				{
					kind: "text",
					text: "`npm start` looks at every port first and starts nothing when one is taken. The message names the port and, where the system tells, the process that holds it. End that process, or choose other ports: [flags of npm start](help:/commands#start).",
				},
			],
		},
		{
			id: "mail",
			title: "The confirmation mail does not arrive",
			blocks: [
				{
					kind: "text",
					text: `A local platform sends no mail to the internet. Read it on the mailbox page at \`http://127.0.0.1:${defaultPorts.mailbox}\`. The link in a message works once.`,
				},
			],
		},
		{
			id: "model-missing",
			title: "The model is missing or cannot be loaded",
			blocks: [
				{
					kind: "list",
					items: [
						"The path given with `--model` must name a GGUF file that your user may read.",
						"A file that was cut short by an interrupted download is refused when it is opened: download it again and compare its size or SHA-256.",
						"A model that does not fit into memory is refused. Take a smaller one, or a stronger quantization of the same one.",
						"The [dashboard](lmx:/) shows the reason beside the model.",
					],
				},
			],
		},
		{
			id: "slow",
			title: "Answers are slow",
			blocks: [
				{
					kind: "text",
					text: "Compare tokens per second on the [dashboard](lmx:/) with what the machine can do: reading all weights once per token is the limit, so memory bandwidth divided by the size of the file is the ceiling. [How a model answers](learn:/guides/how-a-model-answers#speed) shows the arithmetic.",
				},
			],
		},
		{
			id: "signed-out",
			title: "A site says that I am signed out",
			blocks: [
				{
					kind: "list",
					items: [
						"Open the sites by their names (`optalocal.localhost`), not by another name for this machine: the session belongs to the name.",
						"The browser must accept cookies of the sites. They are first-party cookies.",
						"Safari does not resolve names under `localhost` in every version; Chromium and Firefox do.",
					],
				},
			],
		},
		{
			id: "host-unreachable",
			title: "The dashboard says that the host is unreachable",
			blocks: [
				{
					kind: "text",
					text: "The [doctor](lmx:/doctor) of the dashboard tests every layer between you and the models, from your session to the host's clock, and says what to do about the one that fails. Its report can be copied as text.",
				},
				{
					kind: "text",
					text: `[Opta Status](status:/) shows whether LMX answers. On the host, \`curl http://127.0.0.1:${defaultPorts.lmx}/healthz\` asks it directly. The answer names the reason where it is unhealthy.`,
				},
			],
		},
		{
			id: "computer-not-joined",
			title: "A computer is gone from the dashboard",
			blocks: [
				{
					kind: "text",
					text: "Sessions are kept on their computer, so they show while it is awake, online and joined. `opta reach` there says how its link is, and what it waits for. A computer that comes back joins by itself; an open page then goes on where it was.",
				},
			],
		},
		{
			id: "locked",
			title: "Another process uses the state folder",
			blocks: [
				{
					kind: "text",
					text: "One platform owns one state folder. Stop the other platform, or give this one a folder of its own with `--state-dir`.",
				},
			],
		},
	],
};
