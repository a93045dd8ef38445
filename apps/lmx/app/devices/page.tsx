import type { Metadata } from "next";
import { HostPage, type HostPageProps } from "../../dashboard/host-page.tsx";

export const metadata: Metadata = { title: "Devices" };

export default function Page({ searchParams }: Pick<HostPageProps, "searchParams">) {
	return <HostPage page="devices" searchParams={searchParams} />;
}
