-- On a platform that one person runs on one machine, the first person with a confirmed address becomes owner of that
-- machine's host and admin of the platform. It happens only where private.local_setup has its row, which the embedded
-- platform makes at its start: a hosted project never has it.
create table private.local_setup (
	only_row boolean primary key default true check (only_row),
	host_id uuid not null references public.hosts (id) on update cascade,
	-- Set once: the host of an owner who has left is not for the next stranger to take.
	claimed_at timestamptz
);

alter table private.local_setup enable row level security;

create function private.claim_local_host() returns trigger
	language plpgsql security definer set search_path = ''
	as $$
declare
	claimed uuid;
begin
	-- The row's lock lets one of several confirmations at the same moment through.
	update private.local_setup set claimed_at = now() where claimed_at is null returning host_id into claimed;
	if claimed is not null then
		update public.hosts set owner_id = new.id where id = claimed;
		insert into public.host_members (host_id, user_id, role) values (claimed, new.id, 'owner');
		insert into public.platform_admins (user_id) values (new.id);
	end if;
	return new;
end
$$;

create trigger claim_local_host_when_confirmed
	after update on auth.users
	for each row
	when (old.email_confirmed_at is null and new.email_confirmed_at is not null)
	execute function private.claim_local_host();

create trigger claim_local_host_when_made_confirmed
	after insert on auth.users
	for each row
	when (new.email_confirmed_at is not null)
	execute function private.claim_local_host();

-- Called by the embedded platform at each start. A new id for the same machine (its secrets were made anew) keeps the
-- owner and the members; the name is the owner's to change and is written only once.
create function private.set_up_local_host(new_host_id uuid, host_name text, host_door_url text) returns void
	language plpgsql security definer set search_path = ''
	as $$
begin
	update public.hosts set id = new_host_id
		where id = (select host_id from private.local_setup) and id <> new_host_id;
	insert into public.hosts (id, name, door_url) values (new_host_id, host_name, host_door_url)
		on conflict (id) do update set door_url = excluded.door_url;
	insert into private.local_setup (host_id) values (new_host_id)
		on conflict (only_row) do nothing;
end
$$;

revoke execute on function
	private.create_profile(), private.touch_profile(), private.claim_local_host(), private.set_up_local_host(uuid, text, text)
	from public, anon, authenticated;
