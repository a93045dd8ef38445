-- For `supabase start` and `supabase db reset` on a developer's machine: the first person to confirm an address owns the
-- local host, as on the embedded platform. Never push it to a hosted project (`supabase db push` leaves seeds out unless
-- it is asked with --include-seed).
select private.set_up_local_host('01a1fd4f-2a81-75f4-8dfb-9aa8b38e28a1', 'This computer', 'http://127.0.0.1:8788');
