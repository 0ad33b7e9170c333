// Two cores carry one cloud under load at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
