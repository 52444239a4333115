// A cluster is some twenty processes: two of them beside each other on two cores start slower than one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
