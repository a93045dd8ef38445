import { NotFoundPage } from "@opta/ui/not-found-page.tsx";

export default function NotFound() {
	return <NotFoundPage />;
}
