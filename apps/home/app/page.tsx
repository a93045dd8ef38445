import { CodeBlock } from "@opta/ui/code-block.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";

export default function Page() {
	return (
		<div className="frame">
			<PageHeader title="Your models, your machine" lead="A private AI platform that one person runs." />
			<CodeBlock label="terminal" prompt code={"npm start\nnpm test"} />
		</div>
	);
}
