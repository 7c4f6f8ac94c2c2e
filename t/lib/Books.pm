# Books - what the product has written down, beside what the simulated
# providers know: every number sold, and what it cost in the end.
#
#	my $books = Books->read($stack);
#	$books->{findings};	# [] when they agree
#	$books->{figures};	# how many of what
#	$books->bought_twice;	# [] when nothing was
#	Books::open_ends($stack);	# $Books::NOTHING when all is decided
#	Books::time_passes($stack);	# the claims of the killed end now
package Books;

use strict;
use warnings;

sub read {
	my ($class, $stack) = @_;
	my $self = bless {stack => $stack, findings => [], figures => {}}, $class;

	$self->read_ours;
	for my $name (sort keys %{$stack->{box}}) {
		my $state = $stack->control($name => GET => '/control/state?orders=10000000');
		$self->{order}{"$name $_->{id}"} = $_ for @{$state->{orders}};
		$self->compare($name, $_) for @{$state->{orders}};
	}
	$self->unknown_to_them;
	return $self;
}

our $NOTHING = '0 activations, 0 attempts, 0 calls, 0 orphans';

# A number that has its SMS waits for its user alone, for as long as its
# provider keeps it: its money is decided.
sub open_ends {
	my ($stack) = @_;

	return $stack->sql(q{SELECT
	    (SELECT count(*) FROM numlease.activations WHERE closed_at IS NULL
	        AND (state <> 'ACTIVE' OR first_sms_at IS NULL)) || ' activations, ' ||
	    (SELECT count(*) FROM numlease.attempts WHERE unsettled_at IS NOT NULL) || ' attempts, ' ||
	    (SELECT count(*) FROM numlease.outbox) || ' calls, ' ||
	    (SELECT count(*) FROM numlease.orphans WHERE due_at IS NOT NULL) || ' orphans'});
}

sub time_passes {
	my ($stack) = @_;

	$stack->sql(q{
	    UPDATE numlease.attempts SET unsettled_at = now() WHERE unsettled_at > now() AND settle_at < now();
	    UPDATE numlease.outbox SET due_at = now() WHERE due_at > now();
	    UPDATE numlease.orphans SET due_at = now() WHERE due_at > now() AND isfinite(due_at)});
	$stack->part('as_user', 'redis-cli', '-s', "$stack->{dir}/run/redis.sock", 'FLUSHALL');
}

sub find { my ($self, @words) = @_; push @{$self->{findings}}, join ' ', @words }

sub rows {
	my ($self, $query) = @_;

	return map { [split /\|/, $_, -1] } split /\n/, $self->{stack}->sql($query);
}

sub read_ours {
	my ($self) = @_;

	for ($self->rows(q{
	    SELECT p.name, t.upstream_id, t.id, t.state, t.cost, t.cost_state, a.state, a.charged,
	        (SELECT count(*) FROM numlease.messages m WHERE m.activation_id = a.id), a.attempt_id = t.id
	      FROM numlease.attempts t
	      JOIN numlease.providers p ON p.id = t.provider_id
	      JOIN numlease.activations a ON a.id = t.activation_id
	     WHERE t.upstream_id IS NOT NULL})) {
		my ($name, $id, @rest) = @$_;
		@{$self->{bought}{"$name $id"}}{qw(attempt state cost cost_state activation charged sms linked)} = @rest;
	}
	for ($self->rows(q{
	    SELECT p.name, o.upstream_id, o.state, o.reason, o.booked, coalesce(o.last_error, '')
	      FROM numlease.orphans o JOIN numlease.providers p ON p.id = o.provider_id})) {
		my ($name, $id, @rest) = @$_;
		@{$self->{orphans}{"$name $id"}}{qw(state reason booked error)} = @rest;
	}
}

# One order of a provider, and what we have of it.
sub compare {
	my ($self, $name, $order) = @_;
	my $known = "$name $order->{id}";
	my $bought = delete $self->{bought}{$known};
	my $orphan = delete $self->{orphans}{$known};
	my $paid = micros($order->{price}) - micros($order->{refunded});

	$self->{figures}{sold}++;
	$self->{figures}{lc "sold, $order->{state}"}++;
	$self->find("$known is open still: $order->{state}")
	    if $order->{state} =~ /^(?:WAITING|GOT|RETRY)$/ && !@{$order->{sms}};
	if ($bought && $bought->{state} eq 'LINKED') {
		$self->find("$known is linked, and an orphan: $orphan->{state}") if $orphan;
		$self->compare_linked($known, $order, $bought, $paid);
	} elsif ($orphan) {
		$self->compare_orphan($known, $order, $orphan, $bought, $paid);
	} elsif ($paid == 0) {
		$self->{figures}{'unowned, paid back'}++;
	} else {
		$self->find("$known belongs to nobody: $order->{state}, paid $paid, sold $order->{created_at}");
	}
}

sub compare_linked {
	my ($self, $known, $order, $bought, $paid) = @_;

	$self->{figures}{linked}++;
	$self->find("$known: they took ", micros($order->{price}), "we booked $bought->{cost}")
	    if micros($order->{price}) != $bought->{cost};
	my $ours = $bought->{cost_state} eq 'refunded' ? 0 : $bought->{cost};
	$self->{figures}{"cost $bought->{cost_state}"}++;
	if ($bought->{cost_state} ne 'receivable') {
		$self->find("$known ($order->{state}, ours $bought->{activation}): paid $paid, ",
		    "booked $bought->{cost_state}") if $ours != $paid;
	}
	$self->find("$known: charged and no SMS was sent") if $bought->{charged} > 0 && !@{$order->{sms}};
	$self->find("$known: charged and no SMS is stored") if $bought->{charged} > 0 && !$bought->{sms};
	$self->{figures}{'SMS after the end'}++ if @{$order->{sms}} && !$bought->{charged};
}

# Where the provider did not say whether it paid back, the books say the worst.
sub compare_orphan {
	my ($self, $known, $order, $orphan, $bought, $paid) = @_;

	$self->{figures}{"orphans $orphan->{state}"}++;
	my $booked = $bought ? ($bought->{cost_state} eq 'refunded' ? 0 : $bought->{cost}) : $orphan->{booked};
	my $is_open = $bought ? $bought->{cost_state} eq 'receivable'
	    : $orphan->{state} eq 'kept' && $orphan->{error} =~ /^(?:already_closed|not_found|refund not said)$/;
	$self->{figures}{'orphans, not said'}++ if $is_open;
	$self->find("$known is an orphan ($orphan->{reason}, $orphan->{state}, $order->{state}): ",
	    "paid $paid, booked $booked") if $paid != $booked && !($is_open && $paid < $booked);
}

# Numbers that were only found by their list, although they were sold while
# we waited for it. A provider that sells later than its settle time says, as
# one on a starved machine may, breaks its own word: that is counted, and the
# number goes back all the same.
sub bought_twice {
	my ($self) = @_;
	my @twice;

	for ($self->rows("SELECT p.name, o.upstream_id FROM numlease.orphans o JOIN numlease.providers p "
		    . "ON p.id = o.provider_id WHERE o.reason = 'listed'")) {
		my ($name, $id) = @$_;
		my $order = $self->{order}{"$name $id"};
		my $was_late = $self->{stack}->sql("SELECT coalesce(bool_and(settle_at < '$order->{created_at}'), false) "
		    . "FROM numlease.attempts t JOIN numlease.providers p ON p.id = t.provider_id "
		    . "JOIN numlease.activations a ON a.id = t.activation_id WHERE p.name = '$name' "
		    . "AND a.service = '$order->{service}' AND t.state <> 'LINKED' AND '$order->{created_at}' "
		    . "BETWEEN t.started_at AND t.settle_at + interval '1 minute'") eq 't';
		if ($was_late) { $self->{figures}{'sold after the settle time'}++ }
		else { push @twice, "$name $id sold $order->{created_at}" }
	}
	return \@twice;
}

# We have it and no provider sold it.
sub unknown_to_them {
	my ($self) = @_;

	$self->find("$_ was never sold") for sort(keys %{$self->{bought}}), sort keys %{$self->{orphans}};
}

sub micros { my ($text) = @_; return sprintf '%.0f', $text * 1e6 }

1;
