-- Nothing in `public` is open to the API unless a migration says so: hosted projects grant everything by default.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;
alter default privileges revoke execute on functions from public;

grant usage on schema public to anon, authenticated, service_role;

-- Not in config.toml's [api] schemas: functions and rows that only policies, triggers and operators use.
create schema private;
revoke all on schema private from public;

create table public.profiles (
	id uuid primary key references auth.users (id) on delete cascade,
	display_name text not null
		check (char_length(display_name) between 1 and 80 and display_name = btrim(display_name) and display_name !~ '[[:cntrl:]]'),
	picture_url text
		check (picture_url ~ '^https://[^[:space:]]+$' and char_length(picture_url) <= 2048),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);

create table public.platform_admins (
	user_id uuid primary key references auth.users (id) on delete cascade,
	created_at timestamptz not null default now()
);

-- Security definer, so that the policy of platform_admins can ask without asking itself again.
create function private.is_platform_admin() returns boolean
	language sql stable security definer set search_path = ''
	as $$ select exists (select from public.platform_admins as admin where admin.user_id = auth.uid()) $$;

revoke execute on function private.is_platform_admin() from public, anon;
grant execute on function private.is_platform_admin() to authenticated;

create function private.touch_profile() returns trigger
	language plpgsql set search_path = ''
	as $$
begin
	new.updated_at := now();
	return new;
end
$$;

create trigger profiles_touch
	before update on public.profiles
	for each row execute function private.touch_profile();

-- What people type into the sign-up form decides nothing but a name, and must never make a sign-up fail.
create function private.create_profile() returns trigger
	language plpgsql security definer set search_path = ''
	as $$
declare
	asked_for text := btrim(regexp_replace(coalesce(new.raw_user_meta_data ->> 'display_name', ''), '[[:cntrl:]]+', ' ', 'g'));
	of_address text := btrim(regexp_replace(split_part(coalesce(new.email, ''), '@', 1), '[[:cntrl:]]+', ' ', 'g'));
begin
	insert into public.profiles (id, display_name)
	values (new.id, coalesce(nullif(btrim(left(asked_for, 80)), ''), nullif(btrim(left(of_address, 80)), ''), 'Member'));
	return new;
end
$$;

create trigger create_profile
	after insert on auth.users
	for each row execute function private.create_profile();

alter table public.profiles enable row level security;
alter table public.platform_admins enable row level security;

revoke all on public.profiles, public.platform_admins from anon, authenticated;
grant select on public.profiles, public.platform_admins to authenticated;
grant update (display_name, picture_url) on public.profiles to authenticated;
grant all on public.profiles, public.platform_admins to service_role;

create policy "people read their own profile, admins every profile" on public.profiles
	for select to authenticated
	using (id = (select auth.uid()) or (select private.is_platform_admin()));

create policy "people change their own profile" on public.profiles
	for update to authenticated
	using (id = (select auth.uid()))
	with check (id = (select auth.uid()));

create policy "people learn whether they are admins, admins who else is" on public.platform_admins
	for select to authenticated
	using (user_id = (select auth.uid()) or (select private.is_platform_admin()));
