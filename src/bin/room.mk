# bin - the mains and nothing else. Rooms are linked from the top down.
