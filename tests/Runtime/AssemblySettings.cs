// Tests count descriptors, ports and processes of this one process; in parallel they would count each other's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
