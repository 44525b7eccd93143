package io.juwsgi.master;

/** Looks for workers that have grown too large. Owned by the master's thread. */
record MemoryWatch(Recycling limits, Generations generations) implements Chores.Chore {

    @Override
    public void look(long now) {
        generations.forEach(generation -> generation.crew().forEach(worker -> {
            if (worker.is(Worker.State.READY) || worker.is(Worker.State.DRAINING)) {
                look(generation.crew(), worker, now);
            }
        }));
    }

    private void look(Crew crew, Worker worker, long now) {
        ProcessMemory memory = ProcessMemory.of(worker.pid());
        String evil = limits.evil(memory);
        String excess = limits.excess(memory);
        if (!evil.isEmpty()) {
            crew.evil(worker, evil, now);
        } else if (!excess.isEmpty()) {
            crew.wear(worker, excess, now);
        }
    }
}
