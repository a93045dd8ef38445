-- A service that does not vouch for an address proves nothing. Whoever came first with such a login would keep it when the
-- address's owner confirms the account later, by whichever mail; so it goes with the first proof of the address. Both back
-- ends write "verified" into every login of an account that is confirmed by mail, which is why a mark of our own is needed:
-- it stays until the service itself says otherwise, because then the back end writes the whole value anew.
create function private.mark_unproven_identity() returns trigger
	language plpgsql set search_path = ''
	as $$
begin
	if coalesce(new.identity_data ->> 'email_verified', 'false') <> 'true' then
		new.identity_data := coalesce(new.identity_data, '{}') || '{"opta_unproven": true}';
	end if;
	return new;
end
$$;

create trigger mark_unproven_identity
	before insert or update on auth.identities
	for each row
	when (new.provider <> 'email')
	execute function private.mark_unproven_identity();

create function private.drop_unproven_identities() returns trigger
	language plpgsql security definer set search_path = ''
	as $$
declare
	dropped text;
begin
	for dropped in
		delete from auth.identities as identity
		where identity.user_id = new.id and identity.provider <> 'email' and identity.identity_data ? 'opta_unproven'
		returning identity.provider
	loop
		perform private.log_security_event(new.id, 'identity.unlinked', jsonb_build_object('provider', dropped, 'why', 'the address was not proven there'));
	end loop;
	return null;
end
$$;

create trigger drop_unproven_identities
	after update on auth.users
	for each row
	when (old.email_confirmed_at is null and new.email_confirmed_at is not null)
	execute function private.drop_unproven_identities();

-- How the person can sign in, apart from mail links: a password, and the services that know them.
create function public.read_sign_in_ways(portal_key text)
	returns table (has_password boolean, identities jsonb)
	language plpgsql stable security definer set search_path = ''
	as $$
begin
	perform private.require_portal(portal_key);
	return query
		select coalesce(person.encrypted_password, '') <> '',
			(select coalesce(jsonb_agg(jsonb_build_object(
				'id', identity.id,
				'provider', identity.provider,
				'name', left(coalesce(identity.identity_data ->> 'user_name', identity.identity_data ->> 'email', ''), 200),
				'linkedAt', identity.created_at) order by identity.created_at), '[]')
			from auth.identities as identity where identity.user_id = person.id and identity.provider <> 'email')
		from auth.users as person where person.id = auth.uid();
end
$$;

-- Removes one of the services: 'last' where neither a password nor another service would be left. The name of what was removed.
create function public.unlink_identity(portal_key text, of_identity uuid) returns text
	language plpgsql security definer set search_path = ''
	as $$
declare
	person auth.users;
	removed text;
begin
	perform private.require_portal(portal_key);
	-- Two removals at once see each other.
	select * into person from auth.users as known where known.id = auth.uid() for update;
	if not found then
		raise exception 'Nobody is signed in.' using errcode = '42501';
	end if;
	if coalesce(person.encrypted_password, '') = ''
		and not exists (select from auth.identities as other where other.user_id = person.id and other.provider <> 'email' and other.id <> of_identity) then
		return 'last';
	end if;
	delete from auth.identities as identity
		where identity.id = of_identity and identity.user_id = person.id and identity.provider <> 'email'
		returning identity.provider into removed;
	return coalesce(removed, 'gone');
end
$$;

revoke execute on function private.mark_unproven_identity(), private.drop_unproven_identities(), public.read_sign_in_ways(text), public.unlink_identity(text, uuid)
	from public, anon, authenticated;
grant execute on function public.read_sign_in_ways(text), public.unlink_identity(text, uuid) to authenticated;
