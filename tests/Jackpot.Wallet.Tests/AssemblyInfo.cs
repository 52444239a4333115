// Faults strike the next credit of whoever comes, so tests that share the wallet take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
