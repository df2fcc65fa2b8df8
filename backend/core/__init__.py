"""What every part stands on, without Flask: database base, clock, ids, keys, the actor, refusals."""
