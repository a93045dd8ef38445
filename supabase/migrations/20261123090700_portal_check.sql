-- For the page of diagnostics: whether the database knows the portal's key, and what time it has. No more of an oracle for
-- keys than every function that asks for one.
create function public.check_portal(portal_key text) returns table (is_known boolean, at timestamptz)
	language sql stable security definer set search_path = ''
	as $$
	select exists (select from private.portal_keys as known where known.key_hash = private.sha256_hex(portal_key)), clock_timestamp()
$$;

revoke execute on function public.check_portal(text) from public, anon, authenticated;
grant execute on function public.check_portal(text) to authenticated;
