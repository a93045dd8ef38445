import type { HostRole } from "@opta/contracts/roles";
import { useId } from "react";
import { invitedRoles } from "./invites.ts";
import { roleMeanings } from "./role-words.ts";

interface RoleFieldProps {
	readonly label: string;
	readonly chosen?: HostRole;
	readonly className?: string;
}

/** A choice of the roles that an owner gives, each with what it lets somebody do; field `role`. */
export function RoleField({ label, chosen = "user", className = "" }: RoleFieldProps) {
	const id = useId();
	return (
		<div className={className}>
			<label htmlFor={id} className="block text-sm font-medium">
				{label}
			</label>
			<select
				id={id}
				name="role"
				defaultValue={chosen}
				className="mt-2 block h-11 w-full rounded-md border border-edge bg-surface px-3 text-ink"
			>
				{invitedRoles.map((role) => (
					<option key={role} value={role}>
						{`${role}: ${roleMeanings[role]}`}
					</option>
				))}
			</select>
		</div>
	);
}
