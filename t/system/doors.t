#!/usr/bin/perl
# What a user may do in each state, through each door: every cell answers what
# docs/states.md promises.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my @events = qw(cancel finish resend report);
my %status = (cancel => 8, finish => 6, resend => 3); # of setStatus; it has no report

sub lines_of {
	my ($path) = @_;

	open my $in, '<', "$Stack::TOP/$path" or die "$path: $!\n";
	return <$in>;
}

# {state}{event} => [answer, state after]
my %promise;
for (lines_of('docs/states.md')) {
	$promise{$1}{$2} = [$3, lc $4] if /^([A-Z]+\+?) +(\w+) +(\w+) +([A-Z]+) +hold /;
}
my (%http, %word);
for (lines_of('src/base/err.def')) {
	$word{$1} = $3 if /^ERR\(\w+,\s*"(\w+)",\s*(\d+),\s*\w+,\s*\w+,\s*"(\w+)"/;
	$http{$1} = $2 if /^ERR\(\w+,\s*"(\w+)",\s*(\d+)/;
}
is scalar keys %promise, 10, 'ten states are promised';

my $stack = Stack->new(api_only => 1, conf => "lease.max_active = 1000\n");
my $user = $stack->user(credit => '1000.00');
my $row = $stack->sql("SELECT id FROM numlease.users WHERE email = '$user->{email}'");
my %key = map { $_ => $user->post('/api/keys', {name => $_, kind => $_})->{json}{key} } qw(live compat);
my $world = join '', lines_of('t/system/sql_world.sql');
open my $out, '>', "$stack->{dir}/world.sql" or die $!;
print $out $world;
close $out or die $!;
$stack->part('as_user', 'psql', '-qAtX', '-v', 'ON_ERROR_STOP=1', '-f', "$stack->{dir}/world.sql");

# A number in a state: its id, and the short one.
sub make {
	my ($name, $state) = @_;

	$stack->sql("SELECT t.make('$name', '$state', $row)");
	return split /\|/, $stack->sql("SELECT id, number FROM numlease.activations WHERE id = t.id('$name')");
}

sub state_of { return $user->get("/api/numbers/$_[0]")->{json}{state} }

sub by_rest {
	my ($door, $id, $event) = @_;
	my @auth = ('Authorization: Bearer ' . ($door eq 'v1' ? $key{live} : $user->{token}));
	my $prefix = $door eq 'v1' ? '/api/v1' : '/api';
	my $answer = $stack->request(POST => "$prefix/numbers/$id/$event", {}, @auth);

	return $answer->{status} == 200 ? 'ok' : "$answer->{status} $answer->{json}{code}";
}

for my $state (sort keys %promise) {
	for my $event (@events) {
		my ($answer, $after) = @{$promise{$state}{$event}};
		my $want = $answer eq 'ok' ? 'ok' : "$http{$answer} $answer";

		for my $door (qw(web v1)) {
			my ($id) = make("$state $event $door", $state);
			is by_rest($door, $id, $event), $want, "$state $event by $door";
			is state_of($id), $after, '  and the state after it';
		}
		next unless $status{$event};
		# Its finish of a number without SMS is a cancel.
		($answer, $after) = @{$promise{$state}{cancel}} if $event eq 'finish' && $answer eq 'no_code';
		my ($id, $number) = make("$state $event compat", $state);
		my $said = $stack->get("/stubs/handler_api.php?api_key=$key{compat}&action=setStatus&id=$number&status=$status{$event}");
		like $said->{body}, $answer eq 'ok' ? qr/^ACCESS_/ : qr/^\Q$word{$answer}\E$/,
		    "$state $event by handler_api";
		is state_of($id), $after, '  and the state after it';
	}
}

$stack->done;
