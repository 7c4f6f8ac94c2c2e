#!/usr/bin/perl
# The running daemons act as their roles. They log in as a user that may do
# nothing by itself, so all that they do, they do as their role.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;
use Time::HiRes qw(sleep time);

my $stack = Stack->new(api_only => 1, conf => "provider.descriptors = $Stack::TOP/providers");
$stack->part(start_worker => 'worker');
my $user = $stack->user(credit => '1.00');
is($user->get('/api/wallet')->{status}, 200, 'the API serves');

# The roles of the connections there are, as "login role".
sub roles {
	return $stack->sql(q{SELECT string_agg(DISTINCT usename || ' ' || application_name, ', '
	    ORDER BY usename || ' ' || application_name)
	  FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()});
}
my $wanted = 'numlease_app numlease_admin, numlease_app numlease_api, numlease_app numlease_worker';
my $until = time + 15;
sleep 0.1 while roles() ne $wanted && time < $until;
is(roles(), $wanted, 'each daemon has connections of its role, and none of another');

# What the server itself says: a trigger writes down who adds a session.
$stack->sql('CREATE TABLE public.seen (who text); GRANT INSERT ON public.seen TO PUBLIC;
    CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO public.seen VALUES (current_user || \' \' || session_user); RETURN NEW; END $$;
    CREATE TRIGGER see BEFORE INSERT ON numlease.sessions FOR EACH ROW EXECUTE FUNCTION public.see()');
$stack->user;
is($stack->sql('SELECT DISTINCT who FROM public.seen'), 'numlease_api numlease_app',
    'the API acts as numlease_api');
$stack->sql('DROP TRIGGER see ON numlease.sessions');

is($stack->sql("SELECT count(*) FROM information_schema.role_table_grants
    WHERE grantee = 'numlease_app'"), '0', 'the login has no rights of its own');
$stack->done;
