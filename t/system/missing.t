#!/usr/bin/perl
# A provider that says nonsense about a number, or for a moment does not know
# it, takes nobody's SMS: only a number that stays unknown is over.
use strict;
use warnings;
use FindBin ();
use lib "$FindBin::Bin/../lib";
use Stack;
use Test::More;

my $stack = Stack->new(conf => 'worker.poll_interval = 200ms', north => ['--sms-delay-ms', 86_400_000]);
my $user = $stack->user(credit => '20.00');

$stack->ctl('provider', 'disable', 'south');
$stack->sql("UPDATE numlease.settings SET value = '1' WHERE key = 'activation.missing_age_s'");
$stack->sql("UPDATE numlease.settings SET value = '5' WHERE key = 'activation.missing_gap_s'");

# All that is asked about numbers is answered so from now on.
sub answers {
	my ($status, $body) = @_;

	$stack->control(north => POST => '/control/fault', {op => $_, kind => 'answer', count => -1,
		status => $status, type => 'text/html', body => $body}) for qw(status list);
}

sub faults_used { return $stack->control(north => GET => '/control/state')->{faults_used} }

sub until_asked {
	my ($times) = @_;
	my $end = faults_used() + $times;

	$stack->until_true(60, "asked $times times", sub { faults_used() >= $end });
}

# Bought before there are faults, since who answers so is not bought from.
my @ids = map { my $answer = $user->lease;
	is $answer->{status}, 201, 'a number' or diag $answer->{body};
	$answer->{json}{id} } 1 .. 5;

sub state_of { return $user->get("/api/numbers/$_[0]")->{json}{state} }

sub is_delivered {
	my ($id) = @_;

	is state_of($id), 'active', 'it is active';
	$stack->control(north => POST => '/control/clear', {});
	$stack->sms($id, 'Code 4711');
	is $user->until_number($id, 'its code', sub { defined $_[0]{code} }, 30)->{code}, '4711', 'and gets its SMS';
	$user->post("/api/numbers/$id/finish", {});
}

for ([302, ''], [404, '<html>Not Found</html>'], [502, '<html>Bad Gateway</html>']) {
	my ($status, $body) = @$_;

	subtest "a page with $status is no word about a number" => sub {
		my $id = shift @ids;

		answers($status, $body);
		until_asked(6);
		is_delivered($id);
	};
}

subtest 'a number that is unknown for a moment is not over' => sub {
	my $id = shift @ids;

	answers(404, 'order not found');
	$stack->until_true(30, 'that is counted', sub {
		$stack->sql("SELECT missing FROM numlease.polls WHERE activation_id = '$id'") > 0 });
	is_delivered($id);
};

subtest 'a number that stays unknown is over' => sub {
	my $id = shift @ids;

	answers(404, 'order not found');
	my $n = $user->until_number($id, 'over', sub { $_[0]{state} eq 'expired' }, 60);
	is $n->{charged}, '0.000000', 'for nothing';
	is $stack->sql("SELECT cost_state FROM numlease.attempts WHERE activation_id = '$id'"), 'receivable',
	    'the provider owes us what it cost';
	is $user->wallet->{held}, '0.000000', 'nothing is held';
};

$stack->done;
