"""A rehearsal of AWS on one machine: moto, extended until real tools can run on it."""
