#!/usr/bin/perl
# Everything is killed at random moments while clients lease numbers from
# providers that time out, lie and sell late. Afterwards nothing may be lost,
# doubled or stuck, and the providers' books are ours to the unit.
#
# NUMLEASE_KILLS is how many are killed (12), NUMLEASE_SEED repeats a run.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Books;
use List::Util qw(sum0);
use Shopper;
use Stack;
use Storm;
use Test::More;
use Time::HiRes qw(sleep time);

my $seed = $ENV{NUMLEASE_SEED} || 1 + int rand 1_000_000;
my $kills = $ENV{NUMLEASE_KILLS} || 12;
my $clients = $ENV{NUMLEASE_CLIENTS} || 8;
my $is_short = $kills < 100;
# Longer than the claims of the killed: what runs out unseen cannot be found.
my @box = ('--lifetime-s', 600, '--sms-delay-ms', 1200, '--balance', 1000000);

note "NUMLEASE_SEED=$seed NUMLEASE_KILLS=$kills";
my $stack = Stack->new(dialect => 'herosms', north => \@box, south => \@box,
    postgres => '-c recovery_init_sync_method=syncfs',
    conf => join "\n", 'worker.poll_interval = 200ms', 'worker.buy_timeout = 1s', 'worker.settle = 6s',
    'api.lease_wait = 2s', 'lease.ttl = 12s', 'database.timeout = 2s', 'lease.max_active = 100000',
    'rate.lease_per_minute = 1000000');
$stack->part(start_worker => 'worker2');
$stack->sql("UPDATE numlease.settings SET value = v FROM (VALUES ('activation.reserve_s', '20'),
    ('activation.confirm_s', '20'), ('attempt.give_up_s', '60'), ('orphan.age_s', '8')) x (k, v) WHERE key = k");
for my $name (qw(north south)) {
	$stack->control($name => POST => '/control/set', $_)
	    for {stock => 1000000}, {list_lag_ms => 700}, map { ($_, {%$_, never_sms => 1}) }
	        {service => 'whatsapp', lifetime_s => 15}, {service => 'viber', lifetime_s => 600};
}
my @users = map { $stack->user(credit => '100000') } 1 .. 1 + $clients / 2;
$_->{key} = $_->post('/api/keys', {name => 'crash', kind => 'live'})->{json}{key} for @users;

my $from = time;
my $storm = Storm->new($stack, seed => $seed, kills => $kills, pause => $is_short ? 1.0 : 2.4);
my @shoppers = map {
	Shopper->start($stack, $users[$_ % @users], seed => $seed + $_, pause => 0.15)
} 1 .. $clients;
$storm->rage;
Shopper->pause_all($stack);
my $raged = time - $from;
$storm->end;
my $healing = time;
Shopper->end_all($stack);
my @memories = map { $_->memory } @shoppers;

# A short test does not wait for the claims of those that were killed.
my $nothing = $Books::NOTHING;
my $patience = $is_short ? 60 : 400;
my $tick = 0;
until (Books::open_ends($stack) eq $nothing || time > $healing + $patience) {
	$storm->wake('listing') if ++$tick % 2;
	Books::time_passes($stack) if $is_short && $tick % 3 == 0;
	sleep 1;
}
is Books::open_ends($stack), $nothing, 'nothing is stuck' or diag $stack->sql(q{
    SELECT a.id, a.state, a.event, a.due_at, t.state, t.unsettled_at, o.topic, o.due_at, o.tries, o.last_error
      FROM numlease.activations a LEFT JOIN numlease.attempts t ON t.activation_id = a.id
      LEFT JOIN numlease.outbox o ON o.key = a.id
     WHERE a.closed_at IS NULL OR t.unsettled_at IS NOT NULL OR o.key IS NOT NULL LIMIT 20});
my $healed = time - $healing;

sub few { my @all = @_; return join "\n", @all > 20 ? (@all[0 .. 19], '...' . @all) : @all }
is few(map { @{$_->{complaints}} } @memories), '', 'no client was told two things';

my %now = map { my @f = split /\|/, $_, -1; ($f[0] => \@f) } split /\n/, $stack->sql(
    'SELECT a.id, lower(a.state), a.phone, a.charged, (SELECT count(*) FROM numlease.messages m '
    . 'WHERE m.activation_id = a.id) FROM numlease.activations a');
my @lost;
for my $memory (@memories) {
	for my $key (sort keys %{$memory->{leases}}) {
		my $lease = $memory->{leases}{$key};
		next unless defined $lease->{id};
		my $row = $now{$lease->{id}};
		push @lost, "$key: $lease->{id} is not there" unless $row;
		push @lost, "$key: another phone" if $row && defined $lease->{phone} && $lease->{phone} ne $row->[2];
	}
	while (my ($id, $said) = each %{$memory->{numbers}}) {
		my $row = $now{$id} or next;
		push @lost, "$id was $said->{state}, is $row->[1]"
		    if defined $said->{state} && $said->{state} ne $row->[1];
		push @lost, "$id: its code is gone" if defined $said->{code} && !$row->[4];
		push @lost, "$id: its charge is gone" if $said->{charged} && !$row->[3];
	}
}
is few(@lost), '', 'nothing that was acknowledged is lost';

is $stack->sql('SELECT count(*) FROM (SELECT activation_id FROM numlease.attempts '
    . "WHERE state = 'LINKED' GROUP BY 1 HAVING count(*) > 1) x"), 0, 'nobody has two numbers for one key';
is $stack->sql('SELECT count(*) FROM numlease.activations a WHERE charged > 0 AND NOT EXISTS '
    . '(SELECT FROM numlease.messages m WHERE m.activation_id = a.id)'), 0, 'nobody paid for nothing';
my $books = Books->read($stack);
is few(@{$books->{findings}}), '', "the providers' books are ours";

is few(@{$books->bought_twice}), '', 'nothing was bought twice';

my %answers;
for my $memory (@memories) {
	$answers{$_} += $memory->{counts}{$_} for keys %{$memory->{counts}};
}
sub list { my %of = @_; return join ', ', map { "$_ $of{$_}" } sort keys %of }
note sprintf 'set up %.0f s, storm %.0f s, repair %.0f s, quiet after %.0f s, comparison %.0f s',
    $from - $^T, $raged, $healing - $from - $raged, $healed, time - $healing - $healed;
note 'kills: ', list(%{$storm->{kills}});
note "faults: $storm->{faults}";
note 'answers: ', list(%answers), '; asked again afterwards: ', sum0(map { $_->{silent} // 0 } @memories);
note 'leases: ', $stack->sql(q{SELECT string_agg(state || ' ' || n, ', ' ORDER BY state)
    FROM (SELECT lower(state) AS state, count(*) AS n FROM numlease.activations GROUP BY 1) x});
note 'attempts: ', $stack->sql(q{SELECT string_agg(w || ' ' || n, ', ' ORDER BY w)
    FROM (SELECT lower(state) || CASE WHEN state IN ('ABSENT', 'FAILED') THEN ' (' || cause || ')' ELSE '' END AS w,
          count(*) AS n FROM numlease.attempts GROUP BY 1) x});
note 'numbers: ', list(%{$books->{figures}});
my $log = "$stack->{dir}/log";
note 'reconciled: ', join ', ', map { s/^\s+//r } split /\n/,
    qx(cat $log/worker*.log | grep -o '"event":"reconcile.decided".*' | grep -o '"verdict":"[^"]*"' | sort | uniq -c);
$stack->done(killed => 1);
