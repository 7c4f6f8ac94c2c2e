#!/usr/bin/perl
# The ledger while its server is killed. Many clients move money by the
# functions of the product; backends and the postmaster are killed (SIGKILL)
# meanwhile, in a cluster that does not wait for commits unless it is told to.
# Afterwards all that was acknowledged is there, nothing that was refused is,
# and what nobody answered was resolved by asking again.
#	NUMLEASE_SECONDS	how long (8)
#	NUMLEASE_CLIENTS	how many at once (8)
#	NUMLEASE_SEED		repeats the choices of a run
use strict;
use warnings;
use FindBin ();
use IPC::Open2 qw(open2);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $top = "$FindBin::Bin/../..";
if (!$ENV{LEDGER_PG}) {
	$ENV{LEDGER_PG} = 1;
	# What is not flushed stays so for long.
	$ENV{SCRATCH_PG_OPTIONS} = '-c synchronous_commit=off -c wal_writer_delay=10s ' .
	    '-c recovery_init_sync_method=syncfs';
	exec "$top/scripts/scratch-pg", $^X, $0, @ARGV or die "exec: $!";
}
my $seed = $ENV{NUMLEASE_SEED} || 1 + int rand 1_000_000;
my $seconds = $ENV{NUMLEASE_SECONDS} || 8;
my $clients = $ENV{NUMLEASE_CLIENTS} || 8;
my $users = 10; # fewer than the clients need: they meet in the wallets
my $price = 130000; # of what cost 0.1
my $data = "$ENV{PGHOST}/data";
my $end;
local $SIG{PIPE} = 'IGNORE';
note "NUMLEASE_SEED=$seed NUMLEASE_SECONDS=$seconds NUMLEASE_CLIENTS=$clients";

sub psql {
	my ($query) = @_;
	my $out = '';

	open my $from, '-|', 'psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-c', $query or die $!;
	{ local $/; $out = <$from> // ''; }
	close $from or die "psql: $query\n";
	chomp $out;
	return $out;
}

sub run_or_die { system(@_) == 0 or BAIL_OUT("@_ fails") }

run_or_die("$top/scripts/migrate-psql");
run_or_die("psql -qAtX -v ON_ERROR_STOP=1 -f $top/t/system/sql_world.sql >/dev/null");
psql($ENV{SQL_MUTATION}) if $ENV{SQL_MUTATION};
psql("INSERT INTO numlease.users (email, password_hash)
    SELECT 'u' || i || '\@example.org', 'x' FROM generate_series(1, $users) i");
psql('CREATE TABLE t.said (op text, key text, who bigint, amount bigint, outcome text, asked integer)');
my @users = split ' ', psql("SELECT id FROM numlease.users WHERE email LIKE 'u%' ORDER BY id");

# -- a client: a process with one connection, which it opens again

package Client;

sub new {
	my ($class, $number) = @_;

	srand $seed * 1000 + $number;
	open my $out, '>', "$ENV{PGHOST}/said.$number" or die $!;
	$out->autoflush;
	return bless {number => $number, out => $out, open => []}, $class;
}

sub close_link {
	my ($self) = @_;

	close $_ for grep { defined } delete @$self{qw(to from)};
	kill 'KILL', $self->{pid} if $self->{pid};
	waitpid delete $self->{pid}, 0 if $self->{pid};
}

# The answer to a query; undef when the link broke before there was one.
sub ask {
	my ($self, $query) = @_;
	my @lines;

	$self->{pid} //= IPC::Open2::open2($self->{from}, $self->{to}, 'exec psql -qAtX 2>&1');
	print {$self->{to}} "$query;\n\\echo DONE\n";
	$self->{to}->flush;
	while (defined(my $line = readline $self->{from})) {
		chomp $line;
		return join ' ', @lines if $line eq 'DONE';
		push @lines, $line;
	}
	$self->close_link;
	return;
}

# An operation until something is answered: the answer, and how often it was
# asked. The same operation again is the only way to find out. SQLSTATE of a
# deadlock or a lost lock says that nothing was done.
sub insist {
	my ($self, $query) = @_;
	my $asked = 0;

	while (1) {
		my $answer = $self->ask($query);
		$asked++;
		return ($answer, $asked) if defined $answer
		    && $answer !~ /deadlock detected|could not serialize|lock timeout|terminating connection/;
		Time::HiRes::sleep(0.05);
	}
}

sub note {
	my ($self, @fields) = @_;

	print {$self->{out}} join("\t", @fields) . "\n";
}

# Once, whatever it takes: the outcome is ok, refused, or a complaint.
sub once {
	my ($self, $op, $key, $who, $amount, $query, $again) = @_;
	my ($answer, $asked) = $self->insist($query);
	my $outcome = $answer eq 'ok' || ($asked > 1 && $answer =~ /^$again$/) ? 'ok'
	    : $answer eq 'no_funds' ? 'refused' : "odd: $answer";

	$self->note($op, $key, $who, $amount, $outcome, $asked);
	return $outcome eq 'ok';
}

sub credit {
	my ($self, $kind, $sign) = @_;
	my $who = $users[rand @users];
	my $key = "$kind-$self->{number}-" . ++$self->{count};
	my $amount = 1 + int rand 400000;

	$self->once($kind, $key, $who, $amount, "SELECT status FROM numlease.wallet_credit($who, '$kind', "
	    . $sign * $amount . ", 'test', 'chaos', '$key')", 'replay');
}

sub reserve {
	my ($self) = @_;
	my $who = $users[rand @users];
	my $key = "n-$self->{number}-" . ++$self->{count};
	my $amount = $price + int rand 100000;

	push @{$self->{open}}, {key => $key, who => $who, amount => $amount, next => 'start'}
	    if $self->once('reserve', $key, $who, $amount,
	    "SELECT t.reserve('$key', $who, $amount, '$key', 'print')", 'replay');
}

# What can happen to a number next, and what its repetition may answer.
my %step = (
	start  => ["SELECT t.start('%s')", 'conflict', 'sold'],
	sold   => ["SELECT t.sold('%s')", 'fenced|duplicate', 'sms', 'cancel'],
	sms    => ["SELECT t.sms('%s')", 'duplicate|known|repeated|ok'],
	cancel => ["SELECT t.cancel('%s')", 'ok|conflict|already_closed', 'ended'],
	ended  => ["SELECT t.ended('%s')", 'ok|conflict|already_closed'],
);

sub move {
	my ($self) = @_;
	my $i = int rand @{$self->{open}};
	my $n = $self->{open}[$i] // return $self->reserve;
	my ($query, $again, @next) = @{$step{$n->{next}}};

	$self->once($n->{next}, $n->{key}, $n->{who}, $n->{amount}, sprintf($query, $n->{key}), $again)
	    or return splice @{$self->{open}}, $i, 1; # its complaint is told at the end
	if (@next) { $n->{next} = $next[rand @next] } else { splice @{$self->{open}}, $i, 1 }
}

sub run {
	my ($self) = @_;

	while (Time::HiRes::time() < $end) {
		my $chance = rand;

		if ($chance < 0.2) { $self->credit('deposit', 1) }
		elsif ($chance < 0.3) { $self->credit('adjust', -1) }
		elsif ($chance < 0.5 && @{$self->{open}} < 20) { $self->reserve }
		else { $self->move }
	}
	$self->close_link;
}

package main;

# -- the kills

sub postmaster {
	open my $in, '<', "$data/postmaster.pid" or return;
	my $pid = <$in> // return;
	return int $pid;
}

sub gone { return !kill 0, $_[0] }

sub wait_until {
	my ($what, $is) = @_;
	my $limit = time + 60;

	until ($is->()) {
		BAIL_OUT("not within 60 s: $what") if time > $limit;
		sleep 0.02;
	}
}

sub title {
	open my $in, '<', "/proc/$_[0]/cmdline" or return '';
	return scalar(<$in>) // '';
}

sub backends {
	my ($master) = @_;

	return grep { title($_) =~ /numlease numlease \[local\]/ } split ' ', qx(pgrep -P $master);
}

sub start_again {
	open my $in, '<', "$data/postmaster.opts" or die $!;
	my $command = <$in>;
	chomp $command;
	$command = "setsid $command >>$ENV{PGHOST}/log 2>&1 </dev/null &";
	system($> == 0 ? ('runuser', '-u', 'postgres', '--', 'sh', '-c', $command) : ('sh', '-c', $command));
}

my %kills = (backend => 0, postmaster => 0);
sub strike {
	my $master = postmaster();

	return unless $master && !gone($master);
	if ($kills{backend} < 3 * $kills{postmaster} + 2) {
		my @backends = backends($master) or return;
		$kills{backend} += kill 'KILL', $backends[rand @backends];
		return;
	}
	my @all = split ' ', qx(pgrep -P $master);
	$kills{postmaster} += kill 'KILL', $master;
	wait_until('the postmaster has gone', sub { gone($master) });
	kill 'KILL', @all; # its children, which would notice by themselves
	wait_until('its children have gone', sub { !grep { !gone($_) } @all });
	start_again();
	wait_until('the server is back', sub { system('pg_isready -q') == 0 });
}

my $from = time;
$end = $from + $seconds;
my @pids = map {
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		Client->new($_)->run;
		POSIX::_exit(0);
	}
	$pid;
} 1 .. $clients;
srand $seed;
while (time < $end - 0.5) {
	sleep 0.3 + 0.7 * rand;
	strike();
}
waitpid $_, 0 for @pids;
my $failed = grep { !-e "$ENV{PGHOST}/said.$_" } 1 .. $clients;
is $failed, 0, 'every client came to its end';

# -- what was said, beside what is there
psql("\\copy t.said FROM PROGRAM 'cat $ENV{PGHOST}/said.*'");
psql(q{CREATE FUNCTION t.is_there(s t.said) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT CASE s.op
	    WHEN 'deposit' THEN (SELECT count(*) FROM numlease.transfers x WHERE x.idem_key = 'credit:' || s.key
	        AND x.user_id = s.who AND x.amount = s.amount) = 1
	    WHEN 'adjust' THEN (SELECT count(*) FROM numlease.transfers x WHERE x.idem_key = 'credit:' || s.key
	        AND x.user_id = s.who AND x.amount = s.amount) = 1
	    WHEN 'reserve' THEN (SELECT h.amount FROM numlease.holds h JOIN t.names n ON n.id = h.activation_id
	        WHERE n.name = s.key) IS NOT DISTINCT FROM s.amount
	    WHEN 'start' THEN EXISTS (SELECT FROM numlease.attempts a JOIN t.names n ON n.id = a.activation_id
	        WHERE n.name = s.key)
	    WHEN 'sold' THEN EXISTS (SELECT FROM numlease.attempts a JOIN t.names n ON n.id = a.activation_id
	        WHERE n.name = s.key AND a.state = 'LINKED')
	    WHEN 'sms' THEN EXISTS (SELECT FROM numlease.messages m JOIN t.names n ON n.id = m.activation_id
	        JOIN numlease.hold_resolutions r USING (activation_id) WHERE n.name = s.key AND r.captured > 0)
	    WHEN 'cancel' THEN EXISTS (SELECT FROM numlease.activations a JOIN t.names n ON n.id = a.id
	        WHERE n.name = s.key AND a.state IN ('CANCELLING', 'CANCELLED'))
	    WHEN 'ended' THEN EXISTS (SELECT FROM numlease.hold_resolutions r JOIN t.names n ON n.id = r.activation_id
	        WHERE n.name = s.key AND r.released = r.amount) END $$});
sub said { return psql("SELECT coalesce(string_agg(concat_ws(' ', op, key, who, amount, outcome, asked), E'\\n'), '')
    FROM (SELECT * FROM t.said s WHERE $_[0] LIMIT 10) x") }

is said(q{outcome LIKE 'odd%'}), '', 'each answer was one that can be';
my $lost = psql(q{SELECT count(*) FROM t.said s WHERE outcome = 'ok' AND NOT t.is_there(s)});
is $lost, 0, 'nothing that was acknowledged is lost'
    or diag said(q{outcome = 'ok' AND NOT t.is_there(s)});
my $ghosts = psql(q{SELECT count(*) FROM t.said s WHERE outcome = 'refused' AND t.is_there(s)});
is $ghosts, 0, 'nothing that was refused is there' or diag said(q{outcome = 'refused' AND t.is_there(s)});
is psql(q{SELECT count(*) FROM numlease.transfers x WHERE x.kind IN ('deposit', 'adjust')
    AND x.actor = 'test' AND x.reason = 'chaos'
    AND NOT EXISTS (SELECT FROM t.said s WHERE 'credit:' || s.key = x.idem_key)}), 0, 'and nothing else';
is psql(qq{SELECT count(*) FROM numlease.wallets w JOIN (SELECT who,
        sum(CASE WHEN outcome <> 'ok' THEN 0 WHEN op = 'deposit' THEN amount WHEN op = 'adjust' THEN -amount
            WHEN op = 'reserve' THEN -amount WHEN op = 'ended' THEN amount
            WHEN op = 'sms' THEN amount - least(amount, $price) ELSE 0 END) AS available,
        sum(CASE WHEN outcome <> 'ok' THEN 0 WHEN op = 'reserve' THEN amount
            WHEN op IN ('ended', 'sms') THEN -amount ELSE 0 END) AS held
    FROM t.said GROUP BY who) m ON m.who = w.user_id
    WHERE (w.available, w.held) IS DISTINCT FROM (m.available, m.held)}), 0,
    'every wallet is the sum of what was said';
is psql('SELECT count(*) FROM numlease.ledger_verify()'), 0, 'the ledger adds up';
my %of = map { split /\|/ } split /\n/, psql('SELECT outcome, count(*) FROM t.said GROUP BY 1');
cmp_ok $of{ok} // 0, '>', 100, 'there was something to lose';
cmp_ok $kills{backend} + $kills{postmaster}, '>', 2, 'and killed';
note sprintf '%d acknowledged, %d refused, %d answered only when asked again; '
    . '%d backends and %d postmasters killed; %d lost, %d ghosts; %.0f s',
    $of{ok} // 0, $of{refused} // 0, psql('SELECT count(*) FROM t.said WHERE asked > 1'),
    $kills{backend}, $kills{postmaster}, $lost, $ghosts, time - $from;
done_testing;
