# Storm - what happens to a running stack while clients use it: kill -9 of
# its processes at random moments, each started again after a while, and
# providers that time out, lie and sell late. All of it follows from a seed.
#
#	my $storm = Storm->new($stack, seed => 7, kills => 12);
#	$storm->rage;
#	$storm->end;	# all runs again and no fault is left
#	$storm->{kills};	# how many of each kind
package Storm;

use strict;
use warnings;
use HTTP::Tiny ();
use JSON::PP ();
use List::Util qw(shuffle);
use Time::HiRes qw(sleep time);

# Of twelve kills, how many are of each kind.
my %deck = (child => 3, master => 1, worker => 2, worker2 => 2, postgres => 2, redis => 2);

# What a purchase may meet. A late sale comes at most 0.8 s after the worker
# has given up, and is listed 0.7 s later: less than worker.settle, by far, as a
# busy machine adds seconds of its own.
my @at_buy = ((map { [$_] } qw(timeout timeout_after_sale timeout_after_sale reset_before
    reset_after_sale close_before close_after_sale http_500 http_500_after_sale garbage
    garbage_after_sale html_after_sale empty_after_sale truncated_json truncated_body no_numbers
    wrong_country duplicate_id sms_twice sms_without_code wrong_price)),
    ['latency', delay_ms => 600], ['latency_before', delay_ms => 1800],
    ['latency_before', delay_ms => 1500], ['rate_limit_429', retry_after_s => 1]);
my @elsewhere = (['timeout_after_sale'], ['reset_after_sale'], ['http_500'], ['http_500_after_sale'],
    ['garbage'], ['close_before'], ['truncated_body'], ['latency', delay_ms => 1500]);
my @ops = qw(status status list list cancel cancel finish resend);

# The database first, which the others log in to.
my @order = qw(postgres redis master worker worker2);

sub new {
	my ($class, $stack, %opt) = @_;

	srand $opt{seed};
	return bless {stack => $stack, left => $opt{kills}, pause => $opt{pause} // 2.4, cards => [],
	    kills => {}, faults => 0, agent => HTTP::Tiny->new(timeout => 5)}, $class;
}

sub rage {
	my ($self) = @_;

	while ($self->{left} > 0) {
		$self->weather($self->{pause} * (0.4 + 1.2 * rand));
		my @victims = $self->draw(rand() < 0.3 ? 2 : 1);
		$self->strike($_) for @victims;
		$self->weather(rand) if rand() < 0.5;
		my %is_victim = map { $_ => 1 } @victims;
		$self->repair($_) for grep { $is_victim{$_} } @order;
	}
}

# The next victims, all different.
sub draw {
	my ($self, $n) = @_;
	my %victims;

	while ($n-- > 0 && $self->{left} > 0) {
		$self->{cards} = [shuffle map { ($_) x $deck{$_} } sort keys %deck]
		    unless @{$self->{cards}};
		my $victim = shift @{$self->{cards}};
		$self->{left}-- unless $victims{$victim}++; # the other half of a pair
	}
	return sort keys %victims;
}

sub strike {
	my ($self, $victim) = @_;
	my $stack = $self->{stack};

	$self->{kills}{$victim}++;
	if ($victim eq 'child') {
		my $master = $stack->pid('api');
		my @children = split ' ', qx(pgrep -P $master);
		kill 'KILL', $children[rand @children] if @children;
	} else { # SIGQUIT is what pg_ctl -m immediate sends
		$stack->end({master => 'api'}->{$victim} // $victim,
		    $victim eq 'postgres' ? 'QUIT' : 'KILL');
	}
}

my %start = (master => ['start_api'], postgres => ['start_postgres'], redis => ['start_redis'],
    worker => ['start_worker', 'worker'], worker2 => ['start_worker', 'worker2']);

sub repair {
	my ($self, $victim) = @_;

	$self->{stack}->part(@{$start{$victim}}) if $start{$victim};
}

# Bad providers for a while; the lists are read far more often than they are.
sub weather {
	my ($self, $seconds) = @_;
	my $end = time + $seconds;

	while (time < $end) {
		$self->fault if rand() < 0.7;
		$self->tell('set', {rating => '96'}) if rand() < 0.1;
		$self->wake('listing') if rand() < 0.15;
		sleep 0.2;
	}
}

sub fault {
	my ($self) = @_;
	my $buys = rand() < 0.7;
	my @list = $buys ? @at_buy : @elsewhere;
	my ($kind, %more) = @{$list[rand @list]};

	$self->tell('fault', {kind => $kind, op => $buys ? 'buy' : $ops[rand @ops],
		count => 1 + int rand 2, %more}, (sort keys %{$self->{stack}{box}})[rand 2]);
	$self->{faults}++;
}

# One word to the control of one provider, or of all.
sub tell {
	my ($self, $what, $body, @names) = @_;

	@names = keys %{$self->{stack}{box}} unless @names;
	$self->{agent}->post("http://127.0.0.1:$self->{stack}{box}{$_}/control/$what",
	    {headers => {'X-Control' => 'control'}, content => JSON::PP::encode_json($body)}) for @names;
}

# A task of the workers is due now, as its timer would say.
sub wake {
	my ($self, $task) = @_;

	$self->{stack}->try_part('as_user', 'redis-cli', '-s', "$self->{stack}{dir}/run/redis.sock",
	    'RPUSH', 'numlease:wake', $task);
}

sub end {
	my ($self) = @_;

	$self->tell('clear', {});
	$self->repair($_) for @order;
	$self->{stack}->until_true(30, 'all answers again', sub {
		$self->{stack}->get('/api/ready')->{status} == 200 });
}

1;
