import { NotFoundPage } from "@opta/ui/not-found-page.tsx";

export const metadata = { title: "Not found" };

export default function NotFound() {
	return <NotFoundPage />;
}
