#!/usr/bin/perl
# Each part is killed at each point of a purchase, at providers that can be
# asked for their list, that take a reference of ours, and that tell nothing,
# while they sell, refuse, sell late, list late, or let the answer drop: in
# every cell nobody pays twice or for nothing, nothing is lost and nothing
# stays open.
#
# A point is reached for certain: a lock in the database, a stopped process or
# a provider that waits hold the purchase there until the part is dead.
#	NUMLEASE_MATRIX	'all' points and parts, or POINT/PART ... (five)
#	NUMLEASE_ROUNDS	how often (1)
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Books;
use Burst;
use File::Copy qw(copy);
use File::Temp ();
use IPC::Open2 qw(open2);
use JSON::PP ();
use Stack;
use Test::More;
use Time::HiRes qw(sleep time);

my $json = JSON::PP->new->canonical->utf8;
my $rounds = $ENV{NUMLEASE_ROUNDS} || 1;

# -- the providers: one class each, told apart by country
my %class = (de => 'list', fr => 'reference', pl => 'nothing');

sub descriptors {
	my $dir = File::Temp::tempdir('numlease-XXXXXX', DIR => '/tmp', CLEANUP => 1);

	copy($_, $dir) or die "$_: $!" for glob "$ENV{NUMLEASE_APP}/share/numlease/providers/*.json";
	open my $in, '<', "$dir/sms-activate.json" or die $!;
	my $blind = do { local $/; $json->decode(<$in>) };
	$blind->{id} = 'blind';
	delete $blind->{ops}{list_active};
	delete $blind->{ops}{poll_batch};
	delete $blind->{ops}{buy}{reconcile};
	delete $blind->{ops}{buy}{request}{query}{orderId};
	open my $out, '>', "$dir/blind.json" or die $!;
	print $out $json->encode($blind);
	close $out or die $!;
	chmod 0755, $dir;
	return $dir;
}

my @box = ('--lifetime-s', 600, '--balance', 1000000);
my $stack = Stack->new(no_offers => 1, descriptor => {west => 'blind'},
    north => [@box, '--countries', 'de'], south => [@box, '--countries', 'fr'],
    postgres => '-c recovery_init_sync_method=syncfs',
    conf => join "\n", 'provider.descriptors = ' . descriptors(), 'worker.poll_interval = 500ms',
    'worker.buy_timeout = 1s', 'worker.settle = 4s', 'api.lease_wait = 2s', 'database.timeout = 3s',
    'lease.max_active = 100000', 'rate.lease_per_minute = 1000000');
$stack->sandbox(west => 'handler_api', @box, '--countries', 'pl');
$stack->sql("UPDATE numlease.settings SET value = v FROM (VALUES ('attempt.give_up_s', '3'), "
    . "('activation.reserve_s', '600'), ('orphan.age_s', '8')) x (k, v) WHERE key = k");
$stack->part(stop_one => 'worker', 'TERM');
$stack->part(start_worker => 'worker');
$stack->until_true(120, 'all price lists are read', sub {
	$stack->sql('SELECT count(DISTINCT provider_id) FROM numlease.offers') == 3 });
$stack->control($_ => POST => '/control/set', {stock => 1000000, early_cancel_s => 0}) for keys %{$stack->{box}};
my $user = $stack->user(credit => '100000');

# -- what the providers do, told apart by service
my %truth = (
	telegram => ['sold'],
	whatsapp => ['refused', kind => 'no_numbers'],
	google   => ['sold late', kind => 'latency_before', delay_ms => 1400],
	viber    => ['listed late', kind => 'timeout_after_sale'],
	discord  => ['dropped', kind => 'reset_before'],
);

sub order_all { my ($what, $body) = @_; $stack->control($_ => POST => "/control/$what", $body) for keys %{$stack->{box}} }

sub providers_do {
	my (%more) = @_;

	order_all(clear => {});
	order_all(set => {list_lag_ms => 700});
	for my $service (sort keys %truth) {
		my (undef, %fault) = @{$truth{$service}};
		%fault = %{$more{$service}} if $more{$service};
		order_all(fault => {op => 'buy', service => $service, count => 1000, %fault}) if %fault;
	}
	order_all(fault => {op => 'list', count => 1000, %{$more{list}}}) if $more{list};
}

# -- the points
my ($lock, $lock_in, $lock_pid);

sub take_lock {
	my ($table, $mode) = @_;

	$lock_pid = open2($lock, $lock_in, "$Stack::TOP/scripts/stack", $stack->{dir}, $stack->{app},
	    'as_user', 'psql', '-qAtX');
	print $lock_in "BEGIN; LOCK TABLE numlease.$table IN $mode MODE;\n\\echo locked\n";
	$lock_in->flush;
	readline $lock;
}

sub release_lock {
	return unless $lock_pid;
	local $SIG{PIPE} = 'IGNORE';
	close $lock_in;
	readline $lock while !eof $lock;
	waitpid $lock_pid, 0;
	undef $lock_pid;
}

sub waits_for { return $stack->sql("SELECT count(*) FROM pg_locks WHERE NOT granted "
    . "AND relation = 'numlease.$_[0]'::regclass") > 0 }
sub attempts { return $stack->sql("SELECT count(*) FROM numlease.attempts WHERE started_at > to_timestamp($_[1]) AND $_[0]") }
sub children { return split ' ', qx(pgrep -P @{[$stack->pid('api')]}) }

my @slow = (kind => 'latency', delay_ms => 900);
my %slow_sale = (telegram => {@slow}, google => {kind => 'latency_before', delay_ms => 1400});
my %point = (
	reserving   => {lock => ['holds', 'EXCLUSIVE']},
	reserved    => {stopped => 'worker', is => sub { $stack->sql("SELECT count(*) FROM numlease.activations "
	    . "WHERE state = 'RESERVED' AND created_at > to_timestamp($_[0])") > 0 }},
	claiming    => {stopped => 'worker', then => ['outbox', 'SHARE']},
	intending   => {lock => ['decisions', 'EXCLUSIVE']},
	calling     => {faults => {%slow_sale, telegram => {kind => 'latency_before', delay_ms => 700}},
	    is => sub { attempts("state = 'STARTED'", $_[0]) > 0 }},
	sold        => {faults => \%slow_sale, is => sub {
	    $stack->control(north => GET => '/control/state?orders=0')->{sold} > $_[1] }},
	linking     => {lock => ['polls', 'EXCLUSIVE']},
	linked      => {frozen => 1, is => sub { attempts("state = 'LINKED'", $_[0]) > 0 }},
	reconciling => {faults => {list => {kind => 'latency', delay_ms => 800}}, is => sub {
	    attempts("state = 'UNKNOWN' AND unsettled_at > now() + interval '1 minute'", $_[0]) > 0 }},
	deciding    => {unknown => 1, then => ['polls', 'EXCLUSIVE']},
);
my @points = qw(reserving reserved claiming intending calling sold linking linked reconciling deciding);
my @parts = qw(api worker postgres redis);
my @cells = map { my $p = $_; map { "$p/$_" } @parts } @points;
my @short = qw(intending/postgres linking/worker sold/worker reserving/api deciding/worker);
my $wish = $ENV{NUMLEASE_MATRIX} // '';
@cells = $wish eq 'all' ? @cells : $wish ? split(' ', $wish) : @short;

sub strike {
	my ($part) = @_;

	if ($part eq 'api') { kill 'KILL', children() }
	else { $stack->end($part, $part eq 'postgres' ? 'QUIT' : 'KILL') }
}

my %start = (worker => ['start_worker', 'worker'], postgres => ['start_postgres'], redis => ['start_redis']);
my (@asked, %reached);

# One purchase in each class and truth is brought to the point, and the part
# is killed there.
sub shoot {
	my ($name, $part, $round) = @_;
	my $p = $point{$name};
	my $from = $stack->sql('SELECT extract(epoch FROM clock_timestamp())');
	my $sold = $stack->control(north => GET => '/control/state?orders=0')->{sold};

	providers_do(%{$p->{faults} // {}});
	take_lock(@{$p->{lock}}) if $p->{lock};
	kill 'STOP', $stack->pid('worker') if $p->{stopped};
	my @mine = map { my $country = $_; map { {user => $user, key => "$name-$part-$round-$country-$_",
		body => {service => $_, country => $country}} } sort keys %truth } sort keys %class;
	my $wait = Burst::begin($stack, @mine);
	my $limit = time + 15;
	my $until = sub { my ($is) = @_; sleep 0.03 until $is->() || time > $limit };
	$until->(sub { $stack->sql("SELECT count(*) FROM numlease.activations "
		. "WHERE created_at > to_timestamp($from)") == @mine }) if $p->{stopped} || $p->{frozen};
	kill 'STOP', children() if $p->{frozen};
	if ($p->{then}) {
		$until->(sub { attempts("state = 'UNKNOWN'", $from) > 0 }) if $p->{unknown};
		take_lock(@{$p->{then}});
		kill 'CONT', $stack->pid('worker') if $p->{stopped};
	}
	my $table = ($p->{lock} // $p->{then} // [])->[0];
	$until->($table ? sub { waits_for($table) } : sub { $p->{is}->($from, $sold) });
	$reached{"$name/$part"} = time <= $limit;
	strike($part);
	release_lock();
	kill 'CONT', grep { defined } $stack->pid('worker'), children() if $part ne 'worker';
	kill 'CONT', children() if $part eq 'worker';
	$stack->part(@{$start{$part}}) if $start{$part};
	$wait->();
	push @asked, @mine;
}

# A worker that stood still with its intent written must not call when it goes
# on: the time of the call is over, and others may have decided about it.
subtest 'a call that comes too late is not made' => sub {
	providers_do();
	order_all(clear => {});
	my $before = $stack->control(north => GET => '/control/state?orders=0')->{calls}{buy};
	take_lock('decisions', 'EXCLUSIVE');
	my $wait = Burst::begin($stack, {user => $user, key => 'stood-still',
		body => {service => 'telegram', country => 'de'}});
	$stack->until_true(10, 'the intent is being written', sub { waits_for('decisions') });
	sleep 2.1; # the time of a call, and no timeout yet
	release_lock();
	my ($answer) = $wait->();
	like $answer->{status}, qr/^(?:202|409)$/, 'answered' or diag $answer->{text};
	$stack->until_true(30, 'nobody else sells', sub {
		$stack->sql('SELECT state FROM numlease.activations') eq 'FAILED' });
	is $stack->control(north => GET => '/control/state?orders=0')->{calls}{buy}, $before, 'no call was made';
	push @asked, {%$answer, user => $user};
};

my $began = time;
for my $round (1 .. $rounds) {
	for my $cell (@cells) {
		my ($name, $part) = split m{/}, $cell;
		shoot($name, $part, $round);
	}
}
order_all(clear => {});
my $shot = time - $began;
is_deeply [grep { !$reached{$_} } sort keys %reached], [], scalar(keys %reached) . ' points were reached';

# -- afterwards
my $nothing = $Books::NOTHING;
for (my $end = time + 90; Books::open_ends($stack) ne $nothing && time < $end;) {
	Books::time_passes($stack);
	$stack->try_part('as_user', 'redis-cli', '-s', "$stack->{dir}/run/redis.sock",
	    'RPUSH', 'numlease:wake', 'listing');
	sleep 1;
}
is Books::open_ends($stack), $nothing, 'nothing is stuck';

# Who was not answered asks again with the same key.
my @silent = grep { $_->{status} !~ /^(?:201|409)$/ } @asked;
my $silent = @silent;
for (1 .. 20) {
	last unless @silent;
	Burst::begin($stack, @silent)->();
	@silent = grep { $_->{status} !~ /^(?:201|409)$/ } @silent;
	sleep 0.5 if @silent;
}
is join(' ', map { "$_->{key} $_->{status}" } @silent), '', 'who was not answered is answered when asking again';
$stack->until_true(60, 'those are over too', sub { Books::open_ends($stack) eq $nothing });

my %of;
$of{$_->{status}}++ for @asked;
is $stack->sql('SELECT count(*) FROM numlease.activations'), scalar @asked, 'one lease for each key';
is $stack->sql("SELECT count(*) FROM (SELECT activation_id FROM numlease.attempts WHERE state = 'LINKED' "
    . 'GROUP BY 1 HAVING count(*) > 1) x'), 0, 'no key has two numbers';
my %state = map { split /\|/ } split /\n/, $stack->sql('SELECT k.key, a.state FROM numlease.idempotency_keys k '
    . 'JOIN numlease.activations a ON a.id = k.activation_id');
is join(' ', map { "$_->{key}:$_->{status}:$state{$_->{key}}" } grep {
    ($_->{status} == 201) != ($state{$_->{key}} =~ /^(?:ACTIVE|COMPLETED)$/) } @asked), '',
    'who was told to have a number has one, who was told not has none';
is $stack->sql('SELECT count(*) FROM numlease.activations a WHERE charged > 0 AND NOT EXISTS '
    . '(SELECT FROM numlease.messages m WHERE m.activation_id = a.id)'), 0, 'nobody paid for nothing';
is $stack->sql("SELECT count(*) FROM numlease.activations a JOIN numlease.attempts t ON t.activation_id = a.id "
    . "WHERE a.state = 'FAILED' AND t.state = 'LINKED'"), 0, 'no number was kept by nobody';

my $books = Books->read($stack);
my @unowned = grep { /^west .*belongs to nobody/ } @{$books->{findings}};
is join("\n", grep { !/^west .*belongs to nobody/ } @{$books->{findings}}), '', "the providers' books are ours";
is join("\n", @{$books->bought_twice}), '', 'nothing was bought twice';
cmp_ok scalar @unowned, '<=', $stack->sql("SELECT count(*) FROM numlease.attempts t JOIN numlease.providers p "
    . "ON p.id = t.provider_id WHERE p.name = 'west' AND t.state = 'ABSENT' AND t.cost_state = 'lost'"),
    'what a provider that tells nothing may have sold is booked as a loss';
note sprintf '%d points and parts x %d classes x %d truths: %d purchases in %.0f s, %d asked again, '
    . '%d answers 201, %d answers 409; %d unowned at the provider that tells nothing', scalar @cells, scalar keys %class,
    scalar keys %truth, scalar @asked, $shot, $silent, $of{201} // 0, $of{409} // 0, scalar @unowned;
note 'attempts: ', $stack->sql(q{SELECT string_agg(w || ' ' || n, ', ' ORDER BY w)
    FROM (SELECT lower(state) || CASE WHEN state IN ('ABSENT', 'FAILED') THEN ' (' || cause || ')' ELSE '' END AS w,
          count(*) AS n FROM numlease.attempts GROUP BY 1) x});
$stack->done(killed => 1);
